/** Tells whoever waits how far a call is: so much done of so much, where that is known, and of what. */
export type Progress = (done: number, total: number | undefined, text: string) => void;

export const silent: Progress = () => {};

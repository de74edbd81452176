/** Tells whoever waits how far a call is: so much done of so much, and of what. */
export type Progress = (done: number, total: number, text: string) => void;

export const silent: Progress = () => {};

const list = (text: string) => text.trim().split(/\s*[,\n]\s*/);

/** As common as they stand early; with accents, apostrophes, hyphens and two words, as they come. */
const firstNames = list(`
  James, Mary, John, Patricia, Robert, Jennifer, Michael, Linda, William, Elizabeth, David, Barbara, Richard, Susan, Joseph,
  Jessica, Thomas, Sarah, Christopher, Karen, Charles, Nancy, Daniel, Lisa, Matthew, Margaret, Anthony, Betty, Mark, Sandra,
  Donald, Ashley, Steven, Kimberly, Paul, Emily, Andrew, Donna, Joshua, Michelle, Kenneth, Carol, Kevin, Amanda, Brian,
  Melissa, George, Deborah, Edward, Stephanie, Ronald, Rebecca, Timothy, Laura, Jason, Sharon, Jeffrey, Cynthia, Ryan,
  Kathleen, Jacob, Amy, Gary, Shirley, Nicholas, Angela, Eric, Helen, Jonathan, Anna, Stephen, Brenda, Larry, Pamela,
  Justin, Nicole, Scott, Samantha, Brandon, Katherine, Benjamin, Emma, Samuel, Ruth, Gregory, Christine, Frank, Catherine,
  Alexander, Rachel, Raymond, Carolyn, Patrick, Janet, Jack, Virginia, Dennis, Maria, Jerry, Heather, Tyler, Diane, Aaron,
  José, Julie, Luis, Joyce, Adam, Victoria, Nathan, Olivia, Zachary, Kelly, Henry, Christina, Walter, Joan, Peter, Evelyn,
  Kyle, Lauren, Ethan, Judith, Jeremy, Megan, Harold, Andrea, Carlos, Cheryl, Keith, Hannah, Roger, Jacqueline, Noah,
  Martha, Arthur, Gloria, Terry, Teresa, Sean, Ann, Austin, Sara, Jesús, Madison, Bryan, Frances, Joe, Kathryn, Jordan,
  Janice, Dylan, Jean, Bruce, Abigail, Alan, Alice, Juan, Julia, Wayne, Judy, Roy, Sophia, Ralph, Grace, Randy, Denise,
  Eugene, Amber, Vincent, Doris, Russell, Marilyn, Louis, Danielle, Bobby, Beverly, Philip, Isabella, Johnny, Theresa,
  Björn, Søren, Zoë, Chloé, François, Jürgen, Łukasz, Agnieszka, Dmitri, Olga, Mohammed, Fatima, Ahmed, Aisha, Wei, Ming,
  Hiroshi, Yuki, Raj, Priya, Sanjay, Anjali, Kwame, Ama, Chidi, Ngozi, Anne-Marie, Jean-Luc, María José, Xavier, Noémie,
  Müjde, Ayşe, Ştefan, Ioana, Siobhán, Niamh, Padraig, Þóra, Åsa, Ødegaard, Nguyệt, Thị
`);
const lastNames = list(`
  Smith, Johnson, Williams, Brown, Jones, García, Miller, Davis, Rodríguez, Martínez, Hernández, López, González, Wilson,
  Anderson, Thomas, Taylor, Moore, Jackson, Martin, Lee, Pérez, Thompson, White, Harris, Sánchez, Clark, Ramírez, Lewis,
  Robinson, Walker, Young, Allen, King, Wright, Scott, Torres, Nguyen, Hill, Flores, Green, Adams, Nelson, Baker, Hall,
  Rivera, Campbell, Mitchell, Carter, Roberts, Gómez, Phillips, Evans, Turner, Díaz, Parker, Cruz, Edwards, Collins, Reyes,
  Stewart, Morris, Morales, Murphy, Cook, Rogers, Gutiérrez, Ortiz, Morgan, Cooper, Peterson, Bailey, Reed, Kelly, Howard,
  Ramos, Kim, Cox, Ward, Richardson, Watson, Brooks, Chávez, Wood, James, Bennett, Gray, Mendoza, Ruiz, Hughes, Price,
  Álvarez, Castillo, Sanders, Patel, Myers, Long, Ross, Foster, Jiménez, Powell, Jenkins, Perry, Russell, Sullivan, Bell,
  Coleman, Butler, Henderson, Barnes, Gonzales, Fisher, Vásquez, Simmons, Romero, Jordan, Patterson, Alexander, Hamilton,
  Graham, Reynolds, Griffin, Wallace, Moreno, West, Cole, Hayes, Bryant, Herrera, Gibson, Ellis, Tran, Medina, Aguilar,
  Stevens, Murray, Ford, Castro, Marshall, Owens, Harrison, Fernández, McDonald, Woods, Washington, Kennedy, Wells, Vargas,
  Henry, Chen, Freeman, Webb, Tucker, Guzmán, Burns, Crawford, Olson, Simpson, Porter, Hunter, Gordon, Méndez, Silva, Shaw,
  Snyder, Mason, Dixon, Muñoz, Hunt, Hicks, Holmes, Palmer, Wagner, Black, Robertson, Boyd, Rose, Stone, Salazar, Fox,
  Warren, Mills, Meyer, Rice, Schmidt, Garza, Daniels, Ferguson, Nichols, Stephens, Soto, Weaver, Ryan, Gardner, Payne,
  Grant, Dunn, Kelley, Spencer, Hawkins, Arnold, Pierce, Vázquez, Hansen, Peters, Santos, Hart, Bradley, Knight, Elliott,
  Cunningham, Duncan, Armstrong, Hudson, Carroll, Lane, Riley, Andrews, Alvarado, Ray, Delgado, Berry, Perkins, Hoffman,
  Johnston, Matthews, Peña, Richards, Contreras, Willis, Carpenter, Lawrence, Sandoval, O'Brien, O'Connor, O'Neill, D'Souza,
  Müller, Schäfer, Weiß, Groß, Köhler, Lefèvre, Bélanger, Dubois, Côté, Gagné, Nowak, Kowalski, Wiśniewski, Wójcik,
  Kamiński, Żukowski, Dvořák, Svoboda, Novotný, Černý, Horváth, Nagy, Szabó, Kovács, Popescu, Ionescu, Petrov, Ivanov,
  Sidorov, Jørgensen, Sørensen, Hansson, Åström, Öberg, Virtanen, Korhonen, Mäkinen, Yılmaz, Öztürk, Demir, Khan, Singh,
  Sharma, Gupta, Kumar, Das, Chowdhury, Rahman, Hossain, Ali, Hussain, Tanaka, Suzuki, Sato, Watanabe, Yamamoto, Wang, Li,
  Zhang, Liu, Yang, Huang, Zhao, Wu, Zhou, Park, Choi, Jung, Okafor, Adeyemi, Mensah, Diallo, Traoré, Van der Berg, De la Cruz,
  Smith-Jones, Taylor-Brown, Fitzgerald, MacDonald, McCarthy, Saint-Pierre, Di Stefano, Van Dijk, Mkhize, Nkosi, Dlamini
`);

export interface Name {
  first: string;
  last: string;
}

/** Early names often, late ones seldom, as with real ones. */
const draw = (names: readonly string[], random: () => number): string =>
  names[Math.floor(names.length * random() ** 2)] ?? "";

export const nameFrom = (random: () => number): Name => ({
  first: draw(firstNames, random),
  last: draw(lastNames, random),
});

/** People as get_users lists them, with so many fields as it takes: 20,000 of them have many names twice. */
export function staff(count: number, random: () => number): Record<string, unknown>[] {
  const taken = new Map<string, number>();
  return Array.from({ length: count }, (_, n) => {
    const { first, last } = nameFrom(random);
    const plain = `${first[0]}${last}`
      .normalize("NFD")
      .replace(/[^\p{L}]/gu, "")
      .toLowerCase();
    const again = (taken.get(plain) ?? 0) + 1;
    taken.set(plain, again);
    const login = `${plain}${again === 1 ? "" : again}@example.com`;
    return {
      id: n + 101,
      user_id: n + 101,
      first_name: first,
      last_name: last,
      display_name: `${first} ${last}`,
      name: `${first} ${last}`,
      email: login,
      username: login,
      user_identifier: `EMP-${n + 101}`,
      role: "learner",
      login_status: "active",
      title: "Associate",
      view_key: `not to be shown ${n}`,
    };
  });
}

/** What a plan shows of members that it cannot know. */
export const AS_FOUND = '{as found}';

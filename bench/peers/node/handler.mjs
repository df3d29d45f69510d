// Answers each event with the event.
export const handler = async (event) => event;

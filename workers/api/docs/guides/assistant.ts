import type { Guides } from '../guide.ts';

/** MIKEY: analyses, questions, and how often it was right. */
export const assistantGuides: Guides = {
  'POST /api/ai/analyze': {
    description: `Analyses a market for you now. \`market_analysis\` and \`trading_signal\` forecast its price over \`horizon\`; \`risk_assessment\` measures your own position against what the market usually moves, and forecasts nothing. \`reasoning\` cites every figure it stands on as \`[id]\`. What forecasts is scored at the oracle price of \`expires_at\`, against what the price did since \`created_at\`, and counts in the track record. Give its \`analysis_id\` with an order that follows it. While the oracle price is not acceptable there is no analysis (\`ORACLE_001\`, \`ORACLE_002\`, \`ORACLE_003\`). At most 60 in an hour. Not financial advice.`,
    example: {
      body: { symbol: 'SOL-PERP', analysis_type: 'market_analysis', horizon: '15m' },
      typescript: `const analysis = await client.assistant.analyze({ symbol: 'SOL-PERP', analysis_type: 'market_analysis' });`,
    },
  },
  'GET /api/ai/analyses': {
    description: `Analyses made for you, newest first. \`outcome\` says what one came to, from about two minutes after \`expires_at\` on; an analysis whose end had no price is \`void\`.`,
    example: {
      query: { symbol: 'SOL-PERP', limit: '10' },
      typescript: `const { items } = await client.assistant.analyses({ symbol: 'SOL-PERP', limit: 10 });`,
    },
  },
  'GET /api/ai/track-record': {
    description: `How often forecasts were right in the last 90 days, per model, market and horizon, beside two rules that need no thought: never trading, and trading the direction of the horizon before. Of each model, market and horizon the first analysis in five minutes counts, whoever asked for it. A Brier score of 0.25 is what a coin has; a return is after spread and fees of both trades. Public.`,
    example: {
      query: { symbol: 'SOL-PERP' },
      typescript: `const record = await client.assistant.trackRecord({ symbol: 'SOL-PERP' });`,
    },
  },
  'POST /api/ai/chat': {
    description: `Asks the assistant. The answer streams as server-sent events, each \`event: <name>\` and \`data: <JSON>\`:

\`start\` \`{conversation_id, message_id, notice, model}\` comes first; show \`notice\` where it is not null. \`token\` \`{text}\` is the next piece of the answer. \`tool\` \`{name, state, symbol, figures}\` says what it looks up; with \`done\`, \`figures\` are those that the answer may cite as \`[id]\`, as the exchange counted them. \`proposal\` \`{proposal_id, order, before, preview, expires_at}\` is a filled ticket: \`order\` is a body for POST /api/trading/orders, which you send yourself or not; nothing else can trade. \`end\` \`{message_id, model, truncated}\` comes last; an answer that breaks off ends with \`error\` \`{code, message, retryable, retry_after_seconds, …}\` instead.

The assistant reads markets and your own account, nobody else's, and changes nothing. Close the connection to end an answer: what was said by then is kept. At most 120 questions in an hour, 200 messages in a conversation, 200 conversations. Not financial advice.`,
    example: {
      body: { message: 'How risky is my SOL position?', screen: 'risk', symbol: 'SOL-PERP' },
      typescript: `for await (const event of client.assistant.chat({ message: 'How risky is my SOL position?', screen: 'risk', symbol: 'SOL-PERP' })) {
  if (event.type === 'token') console.log(event.data.text);
}`,
    },
  },
  'GET /api/ai/conversations': {
    description: `Your conversations with the assistant, the last used first. They are yours alone, and stay until you delete them.`,
    example: { typescript: `const { items } = await client.assistant.conversations();` },
  },
  'GET /api/ai/conversations/{id}': {
    description: `Everything said in a conversation, oldest first. \`complete\` is false for an answer that broke off. Proposals are as they were then: ask again before you follow one.`,
    example: {
      params: { id: '$CONVERSATION_ID' },
      typescript: `const conversation = await client.assistant.conversation(conversationId);`,
    },
  },
  'DELETE /api/ai/conversations/{id}': {
    description: `Deletes a conversation with everything said in it, at once and for good. Analyses stay: they belong to the track record.`,
    example: {
      params: { id: '$CONVERSATION_ID' },
      typescript: `await client.assistant.deleteConversation(conversationId);`,
    },
  },
  'DELETE /api/ai/conversations': {
    description: `Deletes all your conversations with everything said in them, at once and for good.`,
    example: { typescript: `await client.assistant.deleteConversations();` },
  },
};

// House rules that the linter has no rule for. Each one protects a promise of the design.

/** `for await` over a stream costs a promise chain per chunk and hides who cancels the reader. */
const noForAwait = {
  meta: {
    type: "problem",
    docs: { description: "Read streams through a reader, not with for await" },
    schema: [],
  },
  create(context) {
    return {
      ForOfStatement(node) {
        if (node.await) {
          context.report({
            node,
            message:
              "Use a reader instead of `for await`: it is cheaper, and release and cancel are then written down.",
          });
        }
      },
    };
  },
};

export default {
  meta: { name: "anyhttp" },
  rules: { "no-for-await": noForAwait },
};

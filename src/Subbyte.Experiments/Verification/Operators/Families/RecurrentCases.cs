using Subbyte.Networks;
using Subbyte.Tensors;

namespace Subbyte.Experiments.Verification.Operators.Families;

/// <summary>Recurrent layers.</summary>
internal static class RecurrentCases
{
    /// <summary>The operators.</summary>
    public static IEnumerable<OperatorCases> All { get; } =
    [
        new("RNN", 20, random => Recurrent(random, "RNN", 1, 1)),
        new("GRU", 24, random => Recurrent(random, "GRU", 3, 2)),
        new("LSTM", 24, random => Recurrent(random, "LSTM", 4, 3)),
    ];

    private static GeneratedCase Recurrent(CaseRandom random, string opType, int gates, int activations)
    {
        var (steps, batch, inputs, hidden) = (random.Between(1, 6), random.Between(1, 4), random.Width(), random.Width());
        var direction = random.OneOf("forward", "reverse", "bidirectional");
        var directions = direction == "bidirectional" ? 2 : 1;
        var builder = random.Case(7).Input(random.Floats([steps, batch, inputs]));
        builder.Constant(random.Floats([directions, gates * hidden, inputs], -0.5f, 0.5f)).Constant(random.Floats([directions, gates * hidden, hidden], -0.5f, 0.5f));
        Optional(random, builder, () => random.Floats([directions, 2 * gates * hidden], -0.5f, 0.5f));
        Optional(random, builder, () => random.Integers(ElementType.Int32, [batch], 1, steps));
        Optional(random, builder, () => random.Floats([directions, batch, hidden], -1, 1));
        if (opType == "LSTM")
        {
            Optional(random, builder, () => random.Floats([directions, batch, hidden], -1, 1));
            Optional(random, builder, () => random.Floats([directions, 3 * hidden], -0.5f, 0.5f));
        }

        builder.Attribute("hidden_size", (long)hidden);
        if (direction != "forward" || random.Chance(50)) builder.Attribute("direction", direction);
        if (opType == "GRU") builder.Attribute("linear_before_reset", random.OneOf(0L, 1L));
        if (random.Chance(30)) builder.Attribute("activations", new AttributeValue(Enumerable.Range(0, directions * activations).Select(_ => random.OneOf("Sigmoid", "Tanh", "Relu", "Softsign", "HardSigmoid")).ToArray()));
        if (opType == "LSTM" && random.Chance(20)) builder.Attribute("input_forget", 1L);
        if (random.Chance(20)) builder.Attribute("clip", random.Real(0.5f, 2));
        return builder.Build(Tolerance.Largest(32), opType == "LSTM" ? random.OneOf(1, 2, 3) : random.OneOf(1, 2));
    }

    private static void Optional(CaseRandom random, CaseBuilder builder, Func<Tensor> operand)
    {
        if (random.Chance(50)) builder.Operand(random.Chance(50), operand());
        else builder.Absent();
    }
}

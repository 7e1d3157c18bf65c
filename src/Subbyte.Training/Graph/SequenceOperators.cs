using Subbyte.Lowering;
using Subbyte.Methods.Training;

namespace Subbyte.Training;

/// <summary>
/// Which operators of word language models can be trained. A sample is a run of words; its maps are [step][channel], so that swapping the axes of batch and time
/// changes nothing.
/// </summary>
internal static class SequenceOperators
{
    /// <summary>Factories by operator name; see <see cref="OperatorFactory.All"/>.</summary>
    public static IReadOnlyDictionary<string, Func<NodeBinding, Operator?>> All { get; } = new Dictionary<string, Func<NodeBinding, Operator?>>(StringComparer.Ordinal)
    {
        ["Transpose"] = SameMap,
        ["Squeeze"] = SameMap,
        ["Identity"] = SameMap,
        ["Gather"] = Embedding,
        ["LSTM"] = Lstm,
        ["MatMul"] = MatMul,
        ["Add"] = binding => binding.IsConstant(0) || binding.IsConstant(1) ? OperatorFactory.AddConstant(binding, channelsLast: true) : OperatorFactory.All["Add"](binding),
        ["Relu"] = OperatorFactory.All["Relu"],
        ["Tanh"] = OperatorFactory.All["Tanh"],
        ["Dropout"] = OperatorFactory.All["Dropout"],
    };

    private static Operator? SameMap(NodeBinding binding)
    {
        binding.InPlace(binding.Map(0).Shape);
        return null;
    }

    private static EmbeddingOperator Embedding(NodeBinding binding)
    {
        var (table, ids) = (binding.Constant(0), binding.Map(1));
        if (table.Rank != 2 || binding.Node.Integer("axis", 0) != 0 || ids.Channels != 1) throw binding.Fail($"only rows of a table can be chosen by {ids}, not of {table}");
        var output = binding.Output([table.Dimensions[1], ids.Positions], hasParameters: true);
        return new EmbeddingOperator(binding.Node.Name, ids, output, binding.Parameter(0, ParameterRole.Embedding));
    }

    private static LstmOperator Lstm(NodeBinding binding)
    {
        var (node, input) = (binding.Node, binding.Map(0));
        var (weights, recurrence) = (binding.Constant(1), binding.Constant(2));
        var hidden = (int)node.Integer("hidden_size", 0);
        if (hidden < 1 || weights.Rank != 3 || weights.Length != 4L * hidden * input.Channels || recurrence.Length != 4L * hidden * hidden)
            throw binding.Fail($"weights {weights} and {recurrence} do not fit {input} and a hidden size of {hidden}; one direction can be trained");
        if (node.Attributes.ContainsKey("activations") || node.Attributes.ContainsKey("clip") || node.Integer("input_forget", 0) != 0 || binding.Has(7) || (node.Attributes.ContainsKey("direction") && node.Text("direction", "forward") != "forward"))
            throw binding.Fail("only the plain memory without peepholes, clipping or other functions can be trained, forward in time");
        var bias = binding.Has(3) ? binding.Parameter(3, ParameterRole.Bias) : null;
        return new LstmOperator(node.Name, input, binding.Output([hidden, input.Positions], hasParameters: true), Gates(1, "input", input.Channels), Gates(2, "state", hidden), bias);

        LayerWeights Gates(int index, string part, int depth)
        {
            var layer = new TrainableLayer { Name = $"{node.Name}/{part}", Index = 0, Count = 0, Kind = LayerKind.RecurrentGates, Outputs = 4 * hidden, Depth = depth };
            return new LayerWeights(binding.Parameter(index, ParameterRole.Weight), layer, quantizer: null);
        }
    }

    private static LinearOperator MatMul(NodeBinding binding)
    {
        var (input, weights) = (binding.Map(0), binding.Constant(1));
        if (weights.Rank != 2 || weights.Dimensions[0] != input.Channels) throw binding.Fail($"weights {weights} do not fit {input}");
        var trained = binding.Decoder();
        return new LinearOperator(binding.Node.Name, binding.LayerInput(), binding.Output([weights.Dimensions[1], input.Positions], hasParameters: true), trained, null);
    }
}

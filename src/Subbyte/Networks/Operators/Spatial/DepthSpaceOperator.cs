using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>DepthToSpace (modes DCR and CRD) and SpaceToDepth of any element type.</summary>
/// <param name="opType">Operator name.</param>
internal sealed class DepthSpaceOperator(string opType) : OperatorDefinition(opType, types: TypeRule.WholeBytes)
{
    public override NodePlan Plan(NodeContext context)
    {
        var input = context.Required(0);
        var block = context.Node.Integer("blocksize", 0);
        if (input.Rank != 4) throw context.Fail($"{input} cannot be rearranged; a tensor [N, C, H, W] is needed");
        if (block is < 1 or > 1 << 12) throw context.Fail($"blocksize {block} is not supported; 1 to 4096 are");
        var b = (int)block;
        var (n, c, h, w) = (input.Dimensions[0], input.Dimensions[1], input.Dimensions[2], input.Dimensions[3]);
        if (OpType == "SpaceToDepth")
        {
            if (h % b != 0 || w % b != 0) throw context.Fail($"blocksize {b} does not divide {input}");
            return new PermutationPlan([n, c, h / b, b, w / b, b], [0, 3, 5, 1, 2, 4], new TensorType(input.ElementType, [n, checked(c * b * b), h / b, w / b]));
        }

        if (c % checked(b * b) != 0) throw context.Fail($"blocksize {b} does not divide the channels of {input}");
        var output = new TensorType(input.ElementType, [n, c / (b * b), checked(h * b), checked(w * b)]);
        return context.Node.Text("mode", "DCR") switch
        {
            "DCR" => new PermutationPlan([n, b, b, c / (b * b), h, w], [0, 3, 4, 1, 5, 2], output),
            "CRD" => new PermutationPlan([n, c / (b * b), b, b, h, w], [0, 1, 4, 2, 5, 3], output),
            var mode => throw context.Fail($"mode '{mode}' is unknown; DCR and CRD are supported"),
        };
    }

    private sealed class PermutationPlan(int[] dimensions, int[] order, TensorType output) : NodePlan(output)
    {
        private readonly int[] _counts = [.. order.Select(axis => dimensions[axis])];
        private readonly int[] _sourceStrides = [.. order.Select(axis => Strided.Of(dimensions)[axis])];

        public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
        {
            if (outputs[0].Length > 0)
                Strided.Copy(outputs[0].ElementType.BitWidth() / 8, inputs[0]!.Bytes.Span, 0, _sourceStrides, outputs[0].Bytes.Span, 0, Strided.Of(_counts), _counts);
        }
    }
}

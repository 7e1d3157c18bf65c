using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>Trilu: keeps what lies on one side of a diagonal of matrices, the rest is 0.</summary>
internal sealed class TriluOperator() : OperatorDefinition("Trilu", types: TypeRule.WholeBytes)
{
    public override NodePlan Plan(NodeContext context)
    {
        var input = context.Required(0);
        if (input.Rank < 2) throw context.Fail($"needs matrices; its operand is {input}");
        if (context.Optional(1) is { } k && (k.ElementType != ElementType.Int64 || k.Count != 1)) throw context.Fail($"its diagonal is {k}; an Int64 scalar is needed");
        return new TriluPlan(context.Node.Integer("upper", 1) != 0, new TensorType(input.ElementType, input.Dimensions));
    }

    private sealed class TriluPlan(bool isUpper, TensorType output) : NodePlan(output)
    {
        private readonly int _rows = output.Dimensions[^2];
        private readonly int _columns = output.Dimensions[^1];
        private readonly int _elementBytes = output.ElementType.BitWidth() / 8;

        public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
        {
            var diagonal = inputs.Length > 1 && inputs[1] is { } k ? k.AsSpan<long>()[0] : 0;
            var x = inputs[0]!.Bytes.Span;
            var d = outputs[0].Bytes.Span;
            var rowBytes = _columns * _elementBytes;
            for (var (start, row) = (0, 0); start < d.Length; start += rowBytes, row = row + 1 == _rows ? 0 : row + 1)
            {
                // The upper part begins at the diagonal, the lower one ends behind it.
                var border = Math.Clamp(diagonal, -_rows - 1, _columns) + (isUpper ? 0 : 1) + row;
                var split = start + ((int)Math.Clamp(border, 0, _columns) * _elementBytes);
                var (upper, lower) = (split..(start + rowBytes), start..split);
                var (kept, cleared) = isUpper ? (upper, lower) : (lower, upper);
                x[kept].CopyTo(d[kept]);
                d[cleared].Clear();
            }
        }
    }
}

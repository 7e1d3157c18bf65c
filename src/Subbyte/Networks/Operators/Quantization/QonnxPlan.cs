using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>Applies a rule to every element, scale and zero point broadcast.</summary>
internal sealed class QonnxPlan(IQonnxRule rule, int[] scaleStrides, int[]? zeroStrides, TensorType output) : NodePlan(output)
{
    private readonly int[] _dimensions = output.Physical;

    public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
    {
        var x = inputs[0]!.AsSpan<float>();
        var y = outputs[0].AsSpan<float>();
        var scales = inputs[1]!.AsSpan<float>();
        var zeros = zeroStrides is null ? default : inputs[2]!.AsSpan<float>();
        var row = _dimensions.Length == 0 ? 1 : _dimensions[^1];
        for (var start = 0; start < y.Length; start += row)
        {
            var scale = Offset(start, scaleStrides);
            var zero = zeroStrides is null ? 0 : Offset(start, zeroStrides);
            var (scaleStep, zeroStep) = (Last(scaleStrides), Last(zeroStrides));
            for (var i = 0; i < row; i++)
                y[start + i] = rule.Apply(x[start + i], scales[scale + (i * scaleStep)], zeroStrides is null ? 0 : zeros[zero + (i * zeroStep)]);
        }
    }

    private static int Last(int[]? strides) => strides is null or [] ? 0 : strides[^1];

    /// <summary>Offset of an operand at the first element of a row.</summary>
    private int Offset(int position, int[] strides)
    {
        var offset = 0;
        for (var axis = _dimensions.Length - 1; axis >= 0; axis--)
        {
            offset += position % _dimensions[axis] * strides[axis];
            position /= _dimensions[axis];
        }

        return offset;
    }
}

using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>QONNX's Quant (IntQuant), BipolarQuant and Trunc: quantization whose result stays float32.</summary>
internal sealed class QonnxOperator : OperatorDefinition
{
    private static readonly string[] Domains = ["qonnx.custom_op.general", "onnx.brevitas", "finn.custom_op.general"];

    private QonnxOperator(string opType, string domain)
        : base(opType, LayoutRule.Same, TypeRule.Float32, domain)
    {
    }

    /// <summary>The operators in each domain that exporters give them.</summary>
    public static IEnumerable<OperatorDefinition> All { get; } =
        [.. Domains.SelectMany(domain => ((string[])["Quant", "IntQuant", "BipolarQuant", "Trunc"]).Select(opType => new QonnxOperator(opType, domain)))];

    public override NodePlan Plan(NodeContext context)
    {
        var x = context.RequiredFloat(0);
        var scale = context.RequiredFloat(1);
        var output = new TensorType(ElementType.Float32, x.Dimensions, x.Layout);
        if (OpType == "BipolarQuant") return new QonnxPlan(new BipolarRule(), Strides(context, scale, output), null, output);
        var zero = context.RequiredFloat(2);
        IQonnxRule rule = OpType != "Trunc" ? new IntegerRule(QonnxRange.Read(context, 3), QonnxRounding.Read(context, "ROUND"))
            : context.Optional(5) is null ? new TruncationRule(Exponent(context), QonnxRounding.Read(context, "FLOOR"))
            : new RescalingRule(Scalar(context, 4), QonnxRange.Read(context, 5), QonnxRounding.Read(context, "FLOOR"));
        return new QonnxPlan(rule, Strides(context, scale, output), Strides(context, zero, output), output);
    }

    /// <summary>Bits that the first version of Trunc cuts off.</summary>
    private static int Exponent(NodeContext context)
    {
        var bits = QonnxRange.Bits(context, 3) - QonnxRange.Bits(context, 4);
        return bits >= 0 ? bits : throw context.Fail("its output has more bits than its input");
    }

    private static float Scalar(NodeContext context, int index)
        => context.RequiredFloats(index) is [var only] ? only : throw context.Fail($"input {index} must be a scalar");

    private static int[] Strides(NodeContext context, TensorType operand, TensorType output)
    {
        if (!Broadcasting.Shape(context, output.Dimensions, operand.Dimensions).AsSpan().SequenceEqual(output.Dimensions)) throw context.Fail($"{operand} cannot be broadcast to {output}");
        return Broadcasting.Strides(operand, output);
    }
}

/// <summary>The value of one element under a scale and a zero point.</summary>
internal interface IQonnxRule
{
    /// <summary>Quantizes and dequantizes.</summary>
    /// <param name="x">The element.</param>
    /// <param name="scale">Its scale.</param>
    /// <param name="zero">Its zero point.</param>
    /// <returns>The value of its code.</returns>
    float Apply(float x, float scale, float zero);
}

/// <summary>BipolarQuant: ± the scale.</summary>
internal sealed class BipolarRule : IQonnxRule
{
    public float Apply(float x, float scale, float zero) => x >= 0 ? scale : -scale;
}

/// <summary>Quant: divided, shifted, clamped, then rounded.</summary>
internal sealed class IntegerRule(QonnxRange range, QonnxRounding rounding) : IQonnxRule
{
    public float Apply(float x, float scale, float zero) => (rounding.Round(range.Clamp((x / scale) + zero)) - zero) * scale;
}

/// <summary>Trunc with one scale: the code's last bits are cut off.</summary>
internal sealed class TruncationRule(int bits, QonnxRounding rounding) : IQonnxRule
{
    public float Apply(float x, float scale, float zero) => (rounding.Round(MathF.Round((x / scale) + zero) / MathF.ScaleB(1, bits)) - zero) * scale;
}

/// <summary>Trunc with a scale of its own for the result, a power of two times the first.</summary>
internal sealed class RescalingRule(float target, QonnxRange range, QonnxRounding rounding) : IQonnxRule
{
    public float Apply(float x, float scale, float zero)
    {
        var factor = PowerOfTwo(target / scale);
        var code = rounding.Round(range.Clamp(MathF.Round((x / scale) + zero) / factor));
        return (code - (zero / factor)) * target;
    }

    /// <summary>The power of two nearest on the logarithmic scale.</summary>
    private static float PowerOfTwo(float ratio)
    {
        var exponent = MathF.ILogB(ratio);
        var mantissa = MathF.ScaleB(ratio, -exponent);
        return MathF.ScaleB(1, mantissa > 1.41421356f ? exponent + 1 : exponent);
    }
}

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

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

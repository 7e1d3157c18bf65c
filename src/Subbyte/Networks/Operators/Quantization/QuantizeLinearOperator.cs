using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>QuantizeLinear to integers of 2 to 16 bits: <c>saturate(round(x / scale) + zero point)</c>, ties to even, per tensor, per axis or in blocks.</summary>
internal sealed class QuantizeLinearOperator() : OperatorDefinition("QuantizeLinear", LayoutRule.Same)
{
    public override NodePlan Plan(NodeContext context)
    {
        var (x, scale) = (context.Required(0), context.Required(1));
        if (!x.ElementType.IsFloatingPoint() && x.ElementType != ElementType.Int32) throw context.Fail($"{x} cannot be quantized; floating point and int32 can");
        if (!scale.ElementType.IsFloatingPoint() && scale.ElementType != ElementType.Int32) throw context.Fail($"scale {scale} is not a number");
        var asked = context.Node.Integer("output_dtype", 0);
        var type = context.Optional(2)?.ElementType ?? (asked == 0 ? ElementType.UInt8 : (ElementType)Math.Clamp(asked, 0, int.MaxValue));
        if (asked != 0 && asked != (long)type) throw context.Fail($"output_dtype {asked} and zero point {context.Required(2)} differ");
        if (!QuantizedTypes.IsCode(type)) throw context.Fail($"quantization to element type {type} is not supported; integers of 2, 4, 8 and 16 bits are");
        return new QuantizePlan(QuantizationGrid.Read(context), Precision(context, x, scale), new TensorType(type, x.Dimensions, x.Layout));
    }

    /// <summary>The type in which the division is done.</summary>
    private static ElementType Precision(NodeContext context, TensorType x, TensorType scale)
    {
        var asked = context.Node.Integer("precision", 0);
        if (asked is not (0 or (long)ElementType.Float32 or (long)ElementType.Float16 or (long)ElementType.BFloat16)) throw context.Fail($"precision {asked} is not supported; float32, float16 and bfloat16 are");
        return asked != 0 ? (ElementType)asked : x.ElementType == scale.ElementType ? x.ElementType : ElementType.Float32;
    }
}

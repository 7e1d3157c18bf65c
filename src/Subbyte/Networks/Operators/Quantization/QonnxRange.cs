using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>The integers of a QONNX quantizer, as float32.</summary>
/// <param name="Lowest">Smallest integer.</param>
/// <param name="Highest">Largest integer.</param>
internal sealed record QonnxRange(float Lowest, float Highest)
{
    private const int LargestWidth = 32;

    /// <summary>Reads signed, narrow and a bit width.</summary>
    /// <param name="context">The node.</param>
    /// <param name="bits">Input of the bit width.</param>
    /// <returns>The range.</returns>
    public static QonnxRange Read(NodeContext context, int bits)
    {
        var width = Bits(context, bits);
        var (isSigned, isNarrow) = (context.Node.Integer("signed", 1) != 0, context.Node.Integer("narrow", 0) != 0);
        var half = 1L << (width - 1);
        return isSigned ? new QonnxRange(isNarrow ? 1 - half : -half, half - 1) : new QonnxRange(0, (2 * half) - (isNarrow ? 2 : 1));
    }

    /// <summary>A constant bit width, given in any numeric type.</summary>
    /// <param name="context">The node.</param>
    /// <param name="index">Which input.</param>
    /// <returns>1 to 32.</returns>
    public static int Bits(NodeContext context, int index)
    {
        var given = context.RequiredConstant(index);
        Span<double> bits = stackalloc double[1];
        if (given.Length != 1) throw context.Fail($"bit width {given} must be a scalar");
        ElementConversion.Read(given, 0, bits);
        return bits[0] is >= 1 and <= LargestWidth && bits[0] == Math.Truncate(bits[0]) ? (int)bits[0] : throw context.Fail($"a bit width of {bits[0]} is not supported; whole numbers from 1 to {LargestWidth} are");
    }

    /// <summary>Clamps; NaN stays.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The value inside the range.</returns>
    public float Clamp(float value) => value > Highest ? Highest : value < Lowest ? Lowest : value;
}

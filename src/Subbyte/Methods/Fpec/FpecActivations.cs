using System.Runtime.Intrinsics;
using Subbyte.Lowering;
using Subbyte.Onnx.Export;

namespace Subbyte.Methods.Fpec;

/// <summary>
/// Activations as compensated words, each a single base code <c>q·Spacing + ε</c>; padding is base code 0: no value and no error. Scaling by a
/// power of two is exact in float32 (what underflows counts as 0), and so is the error, so the codes are those of <see cref="FpecFormat.Encode"/>.
/// </summary>
public sealed class FpecActivations : IActivationQuantizer, IOnnxExpressible
{
    private const float Saturated = 1 << 18;

    private readonly float _factor;
    private readonly float _zeroBelow;
    private readonly float _zeroCodeBelow;
    private readonly float _doubleFrom;

    /// <summary>A quantizer.</summary>
    /// <param name="format">Format of the tensor; its base codes fit 16 bits.</param>
    public FpecActivations(FpecFormat format)
    {
        Format = format;
        Spacing = SpacingOf(format);
        _factor = MathF.ScaleB(1, format.Words.FractionBits);
        _zeroBelow = LoweringMath.NotBelow(format.ZeroBelow);
        _zeroCodeBelow = LoweringMath.NotBelow(format.ZeroCodeBelow);
        _doubleFrom = LoweringMath.NotBelow(format.DoubleFrom);
        Range = BaseRange(format);
    }

    /// <summary>The format.</summary>
    public FpecFormat Format { get; }

    /// <summary>
    /// Distance of the base codes of neighbouring q: 2^(1+E), so that a base code is the compensated value in units of the error, or more where
    /// error codes of neighbours would meet (EMB = 0).
    /// </summary>
    public int Spacing { get; }

    /// <inheritdoc/>
    public string FilledBy => FpecMethod.Name;

    /// <inheritdoc/>
    public CodeRange Range { get; }

    /// <inheritdoc/>
    public float Scale => Format.Words.Scale / Spacing;

    /// <inheritdoc/>
    public int ZeroPoint => 0;

    /// <inheritdoc/>
    public double Bits => Format.ComputationBits + Format.CompensationBits;

    /// <summary>The base codes that a format needs.</summary>
    /// <param name="format">The format.</param>
    /// <returns>Their range; it may exceed 16 bits.</returns>
    public static CodeRange BaseRange(FpecFormat format)
    {
        var spacing = SpacingOf(format);
        return new CodeRange(format.IsNonNegative ? 0 : (format.Lowest * spacing) - format.LargestError, (format.Words.Highest * spacing) + format.LargestError);
    }

    /// <summary>The word of a base code.</summary>
    /// <param name="code">A base code.</param>
    /// <returns>The word.</returns>
    public FpecWord Word(int code)
    {
        var rounded = (int)Math.Floor((code + (Spacing / 2)) / (double)Spacing);
        return new FpecWord(rounded, code - (rounded * Spacing));
    }

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<float> values, Span<short> codes)
    {
        var i = 0;
        for (; i + 8 <= values.Length; i += 8) Narrow(Codes(Vector256.Create(values[i..]))).CopyTo(codes[i..]);
        if (i == values.Length) return;
        Span<float> last = stackalloc float[8];
        Span<short> lastCodes = stackalloc short[8];
        last.Clear();
        values[i..].CopyTo(last);
        Narrow(Codes(Vector256.Create<float>(last))).CopyTo(lastCodes);
        lastCodes[..(values.Length - i)].CopyTo(codes[i..]);
    }

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<float> values, int shift, Span<byte> codes)
    {
        var i = 0;
        var added = Vector128.Create((short)shift);
        for (; i + 16 <= values.Length; i += 16)
        {
            var (low, high) = (Narrow(Codes(Vector256.Create(values[i..]))), Narrow(Codes(Vector256.Create(values[(i + 8)..]))));
            Vector128.Narrow((low + added).AsUInt16(), (high + added).AsUInt16()).CopyTo(codes[i..]);
        }

        Span<short> last = stackalloc short[16];
        Encode(values[i..], last);
        for (var k = 0; i + k < values.Length; k++) codes[i + k] = (byte)(last[k] + shift);
    }

    /// <inheritdoc/>
    public string Express(CodeGraph graph, string input, CodeShape shape)
        => graph.Call(
            CodeFunctions.EncodeCompensated,
            [
                input,
                graph.Scalar("scale", Format.Words.Scale),
                graph.Scalar("lowest", Format.Lowest),
                graph.Scalar("highest", Format.Words.Highest),
                graph.Scalar("saturated_below", Format.IsNonNegative ? 0 : -Saturated),
                graph.Scalar("saturated_above", Saturated),
                graph.Scalar("half", 0.5f),
                graph.Scalar("zero", 0),
                graph.Scalar("one", 1),
                graph.Scalar("zero_below", _zeroBelow),
                graph.Scalar("zero_code_below", _zeroCodeBelow),
                graph.Scalar("double_from", _doubleFrom),
                graph.Scalar("spacing", Spacing),
            ]);

    private static int SpacingOf(FpecFormat format)
        => format.Mode switch { CompensationMode.N => 1, CompensationMode.Dm => 1 << Math.Max(3, 1 + format.ErrorShift), _ => 1 << Math.Max(2, 1 + format.ErrorShift) };

    private static Vector128<short> Narrow(Vector256<int> codes) => Vector128.Narrow(codes.GetLower(), codes.GetUpper());

    private Vector256<int> Codes(Vector256<float> values)
    {
        var one = Vector256<float>.One;
        var sign = Vector256.Create(-0f);
        var scaled = values * Vector256.Create(_factor);
        scaled &= Vector256.Equals(scaled, scaled);
        scaled = Vector256.Min(Vector256.Max(scaled, Vector256.Create(Format.IsNonNegative ? 0 : -Saturated)), Vector256.Create(Saturated));
        var whole = Vector256.Truncate(scaled);
        var carries = Vector256.GreaterThanOrEqual(Vector256.Abs(scaled - whole), Vector256.Create(0.5f));
        var rounded = whole + (carries & (one | (scaled & sign)));
        var code = Vector256.Min(Vector256.Max(rounded, Vector256.Create((float)Format.Lowest)), Vector256.Create((float)Format.Words.Highest));
        var error = scaled - code;
        var magnitude = Vector256.Abs(error);
        var size = one + (one & Vector256.GreaterThanOrEqual(magnitude, Vector256.Create(_doubleFrom)));
        var signed = Vector256.ConditionalSelect(Vector256.LessThan(error, Vector256<float>.Zero), -size, size);
        var none = Vector256.LessThan(magnitude, Vector256.Create(_zeroBelow))
            | (Vector256.Equals(code, Vector256<float>.Zero) & Vector256.LessThan(error, Vector256.Create(_zeroCodeBelow)));
        return Vector256.ConvertToInt32((code * Vector256.Create((float)Spacing)) + Vector256.AndNot(signed, none));
    }
}

using System.Runtime.Intrinsics;
using Subbyte.Calibration;
using Subbyte.Kernels;
using Subbyte.Onnx.Export;
using Subbyte.Tensors;

namespace Subbyte.Lowering;

/// <summary>
/// Activations on a non-uniform symmetric grid: <c>sign(x) · level(|x|/s)</c> with a float32 division; base codes are the levels themselves, so
/// products of codes are exact integers. A NaN quotient counts as 0.
/// </summary>
public sealed class ThresholdActivations : IActivationQuantizer, IOnnxExpressible
{
    private readonly float[] _thresholds;
    private readonly int[] _steps;

    // Levels by twice the magnitude, rounded down; null where thresholds are no multiples of one half.
    private readonly byte[]? _levels;

    /// <summary>A quantizer.</summary>
    /// <param name="filledBy">Name of the method that made it.</param>
    /// <param name="codebook">Levels and thresholds.</param>
    /// <param name="scale">Real value of level 1; finite, &gt; 0.</param>
    /// <param name="isNonNegative">Whether no value is negative: negative ones become 0 then.</param>
    /// <param name="bits">Nominal width of a code in bits.</param>
    public ThresholdActivations(string filledBy, MagnitudeCodebook codebook, float scale, bool isNonNegative, double bits)
    {
        FilledBy = filledBy;
        Scale = scale;
        Bits = bits;
        Range = new CodeRange(isNonNegative ? 0 : -codebook.Largest, codebook.Largest);
        _thresholds = [.. codebook.Thresholds.ToArray().Select(LoweringMath.NotBelow)];
        _steps = [.. codebook.Levels[1..].ToArray().Select((level, i) => level - codebook.Levels[i])];
        if (codebook.Thresholds.ToArray().All(threshold => 2 * threshold is > 0 and <= byte.MaxValue && double.IsInteger(2 * threshold)))
            _levels = [.. Enumerable.Range(0, 256).Select(twice => (byte)_steps.Where((_, i) => twice >= 2 * _thresholds[i]).Sum())];
    }

    /// <inheritdoc/>
    public string FilledBy { get; }

    /// <inheritdoc/>
    public CodeRange Range { get; }

    /// <inheritdoc/>
    public float Scale { get; }

    /// <inheritdoc/>
    public int ZeroPoint => 0;

    /// <inheritdoc/>
    public double Bits { get; }

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<float> values, Span<short> codes)
    {
        var i = 0;
        for (; i + 8 <= values.Length; i += 8)
        {
            var levels = Levels(Vector256.Create(values[i..]));
            Vector128.Narrow(levels.GetLower(), levels.GetUpper()).CopyTo(codes[i..]);
        }

        for (; i < values.Length; i++) codes[i] = (short)Level(values[i]);
    }

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<float> values, int shift, Span<byte> codes)
    {
        if (_levels is not null && Range.Lowest == 0 && shift == 0)
        {
            RoundDownToHalves(values, codes);
            TableLookup.Map(codes[..values.Length], _levels, codes[..values.Length]);
            return;
        }

        var offset = Vector256.Create(shift);
        var i = 0;
        for (; i + 32 <= values.Length; i += 32)
        {
            var low = Vector256.Narrow(Levels(Vector256.Create(values[i..])) + offset, Levels(Vector256.Create(values[(i + 8)..])) + offset);
            var high = Vector256.Narrow(Levels(Vector256.Create(values[(i + 16)..])) + offset, Levels(Vector256.Create(values[(i + 24)..])) + offset);
            Vector256.Narrow(low.AsUInt16(), high.AsUInt16()).CopyTo(codes[i..]);
        }

        for (; i < values.Length; i++) codes[i] = (byte)(Level(values[i]) + shift);
    }

    /// <inheritdoc/>
    public string Express(CodeGraph graph, string input, CodeShape shape)
    {
        float[] levels = [0, .. _steps.Select((_, i) => (float)_steps.Take(i + 1).Sum())];
        return graph.Call(
            CodeFunctions.EncodeThresholds,
            [
                input,
                graph.Scalar("scale", Scale),
                graph.Constant("thresholds", Tensor.Of<float>(_thresholds)),
                graph.Constant("levels", Tensor.Of<float>(levels)),
                graph.Constant("last", Tensor.Of<long>([-1])),
                graph.Scalar("lowest", Range.Lowest),
            ]);
    }

    /// <summary>⌊2·x/s⌋ of positive values, at most 255, which doubling and rounding down keep exact; 0 of others.</summary>
    private void RoundDownToHalves(ReadOnlySpan<float> values, Span<byte> codes)
    {
        var i = 0;
        for (; i + 32 <= values.Length; i += 32)
        {
            var low = Vector256.Narrow(Halves(Vector256.Create(values[i..])), Halves(Vector256.Create(values[(i + 8)..])));
            var high = Vector256.Narrow(Halves(Vector256.Create(values[(i + 16)..])), Halves(Vector256.Create(values[(i + 24)..])));
            Vector256.Narrow(low.AsUInt16(), high.AsUInt16()).CopyTo(codes[i..]);
        }

        for (; i < values.Length; i++)
        {
            var twice = 2 * (values[i] / Scale);
            codes[i] = twice > 0 ? (byte)Math.Min(twice, byte.MaxValue) : (byte)0;
        }
    }

    private Vector256<int> Halves(Vector256<float> values)
    {
        var twice = 2 * (values / Vector256.Create(Scale));
        var inRange = Vector256.Min(twice, Vector256.Create((float)byte.MaxValue)) & Vector256.GreaterThan(twice, Vector256<float>.Zero);
        return Vector256.ConvertToInt32Native(inRange);
    }

    private int Level(float value)
    {
        var quotient = value / Scale;
        var magnitude = Math.Abs(quotient);
        var level = 0;
        for (var i = 0; i < _thresholds.Length; i++) level += magnitude >= _thresholds[i] ? _steps[i] : 0;
        return Math.Max(quotient < 0 ? -level : level, Range.Lowest);
    }

    private Vector256<int> Levels(Vector256<float> values)
    {
        var quotient = values / Vector256.Create(Scale);
        var magnitude = Vector256.Abs(quotient);
        var level = Vector256<int>.Zero;
        for (var i = 0; i < _thresholds.Length; i++)
            level += Vector256.GreaterThanOrEqual(magnitude, Vector256.Create(_thresholds[i])).AsInt32() & Vector256.Create(_steps[i]);
        var negative = Vector256.LessThan(quotient, Vector256<float>.Zero).AsInt32();
        return Vector256.Max(Vector256.ConditionalSelect(negative, -level, level), Vector256.Create(Range.Lowest));
    }
}

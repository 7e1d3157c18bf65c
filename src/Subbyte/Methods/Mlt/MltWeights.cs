using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Methods.Training;

namespace Subbyte.Methods.Mlt;

/// <summary>
/// Multi-level ternary weights of section 3.3, scales for each output channel. With <see cref="MltThresholds.Nearest"/> the scales are trained as their
/// logarithms; with <see cref="MltThresholds.Twn"/> scales and thresholds follow the latents. A mask keeps pruned weights at zero.
/// </summary>
/// <param name="name">Name of the method.</param>
/// <param name="outputs">Output channels.</param>
/// <param name="depth">Length of a row.</param>
/// <param name="options">Options.</param>
internal sealed class MltWeights(string name, int outputs, int depth, MltOptions options) : ITrainableWeights
{
    private const int LogScales = 0;
    private const int Mask = 1;
    private const int Kappa = 2;

    private readonly int _levels = options.WeightLevels;
    private readonly bool _isTrained = options.Thresholds == MltThresholds.Nearest;

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public IReadOnlyList<QuantizerParameter> Parameters { get; } =
    [
        new("log scales", options.Thresholds == MltThresholds.Nearest ? outputs * options.WeightLevels : 0),
        new("mask", outputs * depth, QuantizerParameterKind.State),
        new("last threshold", 1, QuantizerParameterKind.State),
    ];

    /// <inheritdoc/>
    public void Initialize(Span<float> values, IReadOnlyList<float[]> parameters, SeededRandom random)
    {
        if (options.Deviation > 0) LatentSigns.Draw(values, options.Deviation, random);
        Array.Fill(parameters[Mask], 1);
        parameters[Kappa][0] = 0.5f;
        if (!_isTrained) return;
        for (var m = 0; m < outputs; m++)
        {
            // T2 starts T1; its scales may come out of order where one weight is huge.
            var scales = TernaryFit.Fit(values.Slice(m * depth, depth), [], _levels).Scales.ToArray();
            Array.Sort(scales, (a, b) => b.CompareTo(a));
            var smallest = Math.Max(scales[0], 1e-6) * 1e-3;
            for (var i = 0; i < _levels; i++) parameters[LogScales][(m * _levels) + i] = (float)Transcendental.Log(Math.Max(scales[i], smallest));
        }
    }

    /// <inheritdoc/>
    public void BeginStep(Span<float> values, IReadOnlyList<float[]> parameters)
    {
        var mask = parameters[Mask];
        for (var i = 0; i < values.Length; i++) values[i] *= mask[i];
    }

    /// <inheritdoc/>
    public float[] Compared(string knob, ReadOnlySpan<float> values, IReadOnlyList<float[]> parameters)
        => knob == PruningPlan.NetworkSparsity ? Magnitudes(values, parameters) : [];

    /// <inheritdoc/>
    public void Turn(string knob, double position, Span<float> values, IReadOnlyList<float[]> parameters)
    {
        switch (knob)
        {
            case PruningPlan.LastThreshold:
                parameters[Kappa][0] = (float)position;
                break;
            case PruningPlan.NetworkSparsity:
                var sizes = Magnitudes(values, parameters);
                for (var i = 0; i < sizes.Length; i++)
                {
                    if (sizes[i] <= position) (parameters[Mask][i], values[i]) = (0, 0);
                }

                break;
            case PruningPlan.Sparsity:
                var (order, magnitudes) = (Enumerable.Range(0, values.Length).ToArray(), Magnitudes(values, parameters));
                Array.Sort(magnitudes, order);
                foreach (var i in order.AsSpan(0, (int)Math.Round(position * values.Length))) (parameters[Mask][i], values[i]) = (0, 0);
                break;
        }
    }

    /// <inheritdoc/>
    public void Forward(ReadOnlySpan<float> values, IReadOnlyList<float[]> parameters, Span<float> quantized)
    {
        Span<sbyte> trits = stackalloc sbyte[_levels];
        for (var m = 0; m < outputs; m++)
        {
            var codebook = Codebook(values, parameters, m);
            for (var i = m * depth; i < (m + 1) * depth; i++) quantized[i] = (float)codebook.Encode(values[i], trits);
        }
    }

    /// <inheritdoc/>
    public void Backward(ReadOnlySpan<float> values, IReadOnlyList<float[]> parameters, ReadOnlySpan<float> gradient, Span<float> valueGradient, IReadOnlyList<float[]> parameterGradients)
    {
        Span<sbyte> trits = stackalloc sbyte[_levels];
        Span<double> toScales = stackalloc double[_levels];
        var mask = parameters[Mask];
        for (var m = 0; m < outputs; m++)
        {
            var codebook = Codebook(values, parameters, m);
            var range = Range(codebook);
            toScales.Clear();
            var count = 0;
            for (var i = m * depth; i < (m + 1) * depth; i++)
            {
                valueGradient[i] = mask[i] != 0 && (!options.Window || Math.Abs(values[i]) <= range) ? gradient[i] : 0;
                if (!_isTrained || mask[i] == 0) continue;
                count++;
                codebook.EncodeGreedily(values[i], trits);
                for (var level = 0; level < _levels; level++) toScales[level] += gradient[i] * (double)trits[level];
            }

            for (var level = 0; _isTrained && level < _levels; level++)
                parameterGradients[LogScales][(m * _levels) + level] += (float)(toScales[level] * codebook.Scales[level] * MltLevels.Balance(count, _levels));
        }
    }

    /// <inheritdoc/>
    public WeightCodes Codes(ReadOnlySpan<float> values, IReadOnlyList<float[]> parameters)
    {
        var planes = Enumerable.Range(0, _levels).Select(_ => (Codes: new short[outputs * depth], Scales: new float[outputs])).ToArray();
        Span<sbyte> trits = stackalloc sbyte[_levels];
        for (var m = 0; m < outputs; m++)
        {
            var codebook = Codebook(values, parameters, m);
            for (var i = m * depth; i < (m + 1) * depth; i++)
            {
                codebook.Encode(values[i], trits);
                for (var level = 0; level < _levels; level++) planes[level].Codes[i] = trits[level];
            }

            for (var level = 0; level < _levels; level++) planes[level].Scales[m] = (float)codebook.Scales[level] is > 0 and var scale ? scale : 1;
        }

        return MltLevels.Codes(name, [.. planes.Select(plane => new WeightPlane(plane.Codes, plane.Scales, 2))]);
    }

    private TernaryCodebook Codebook(ReadOnlySpan<float> values, IReadOnlyList<float[]> parameters, int output)
    {
        var row = values.Slice(output * depth, depth);
        if (!_isTrained) return TernaryFit.Fit(row, parameters[Mask].AsSpan(output * depth, depth), _levels);
        return TernaryCodebook.Nearest(MltLevels.Scales(parameters[LogScales].AsSpan(output * _levels, _levels), options.ActivationLevels != "open"), parameters[Kappa][0]);
    }

    /// <summary>|w|, 0 where a weight is pruned already.</summary>
    private static float[] Magnitudes(ReadOnlySpan<float> values, IReadOnlyList<float[]> parameters)
    {
        var magnitudes = new float[values.Length];
        for (var i = 0; i < magnitudes.Length; i++) magnitudes[i] = Math.Abs(values[i]) * parameters[Mask][i];
        return magnitudes;
    }

    private static double Range(TernaryCodebook codebook)
    {
        double sum = 0;
        foreach (var scale in codebook.Scales) sum += scale;
        return sum + (codebook.Scales[^1] / 2);
    }
}

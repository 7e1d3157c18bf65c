using Subbyte.Kernels;
using Subbyte.Prediction;

namespace Subbyte.Methods.Zap;

/// <summary>
/// The predictor of one map (section 3A.1): what is known of the map goes through a depthwise 3×3 convolution, batch norm and ReLU, then through another
/// convolution and batch norm. Numbers lie one after the other in <see cref="Values"/>: of each of both stages weights [9][channel], bias, γ and β [channel].
/// </summary>
public sealed class ZapPredictor
{
    /// <summary>Numbers of a stage for each channel.</summary>
    internal const int StageNumbers = Taps + 3;

    internal const int Taps = 9;
    internal const float Epsilon = 1e-5f;

    private static readonly float Bound = 1f / 3;

    /// <summary>A predictor.</summary>
    /// <param name="shape">Sizes of the map.</param>
    /// <param name="computed">Positions that are computed beforehand.</param>
    public ZapPredictor(MapShape shape, bool[] computed)
    {
        (Shape, Computed) = (shape, computed);
        Geometry = new ConvolutionGeometry
        {
            InHeight = shape.Height,
            InWidth = shape.Width,
            InChannels = shape.Channels,
            OutChannels = shape.Channels,
            KernelHeight = 3,
            KernelWidth = 3,
            PadTop = 1,
            PadLeft = 1,
            PadBottom = 1,
            PadRight = 1,
            Groups = shape.Channels,
        };
        Values = new float[2 * StageNumbers * shape.Channels];
        Running = new float[4 * shape.Channels];
        for (var stage = 0; stage < 2; stage++)
        {
            Array.Fill(Values, 1, Offset(stage, Taps + 1), shape.Channels);
            Array.Fill(Running, 1, ((2 * stage) + 1) * shape.Channels, shape.Channels);
        }
    }

    /// <summary>Sizes of the map.</summary>
    public MapShape Shape { get; }

    /// <summary>Positions that are computed beforehand [height][width].</summary>
    public IReadOnlyList<bool> Computed { get; }

    /// <summary>The trained numbers.</summary>
    public float[] Values { get; }

    /// <summary>Running mean and variance of both batch norms [stage][mean, variance][channel].</summary>
    public float[] Running { get; }

    internal ConvolutionGeometry Geometry { get; }

    /// <summary>Draws initial weights and biases, uniform in ±1/3.</summary>
    /// <param name="random">Where they come from.</param>
    public void Draw(SeededRandom random)
    {
        for (var stage = 0; stage < 2; stage++)
        {
            foreach (ref var value in Values.AsSpan(Offset(stage, 0), (Taps + 1) * Shape.Channels)) value = ((2 * random.NextFloat()) - 1) * Bound;
        }
    }

    /// <summary>Predicts one sample with running statistics.</summary>
    /// <param name="map">The exact map [position][channel], of which only the computed positions are looked at.</param>
    /// <param name="room">Room for two maps.</param>
    /// <param name="prediction">Takes P [position][channel].</param>
    public void Predict(ReadOnlySpan<float> map, Span<float> room, Span<float> prediction)
    {
        var length = Shape.Length;
        var known = room[..length];
        var hidden = room.Slice(length, length);
        CopyComputed(map, known);
        DepthwiseConvolution.Float(known, Geometry, Weights(0), hidden);
        var (factor, summand) = Affine(0);
        Normalize(hidden, factor, summand, 0);
        DepthwiseConvolution.Float(hidden, Geometry, Weights(1), prediction);
        (factor, summand) = Affine(1);
        Normalize(prediction, factor, summand, float.NegativeInfinity);
    }

    /// <summary>Bias and batch norm of a stage as one affine map of the convolution's result, by its running statistics.</summary>
    /// <param name="stage">0 or 1.</param>
    /// <returns>Factor and summand of each channel.</returns>
    public (float[] Factor, float[] Summand) Affine(int stage)
    {
        var channels = Shape.Channels;
        var (factor, summand) = (new float[channels], new float[channels]);
        for (var c = 0; c < channels; c++)
        {
            var mean = Running[(2 * stage * channels) + c];
            var variance = Running[(((2 * stage) + 1) * channels) + c];
            var scale = Values[Offset(stage, Taps + 1) + c] / Math.Sqrt((double)variance + Epsilon);
            factor[c] = (float)scale;
            summand[c] = (float)(Values[Offset(stage, Taps + 2) + c] + (scale * (Values[Offset(stage, Taps) + c] - mean)));
        }

        return (factor, summand);
    }

    /// <summary>Weights of a stage [9][channel].</summary>
    /// <param name="stage">0 or 1.</param>
    /// <returns>The weights.</returns>
    public Span<float> Weights(int stage) => Values.AsSpan(Offset(stage, 0), Taps * Shape.Channels);

    internal int Offset(int stage, int row) => ((stage * StageNumbers) + row) * Shape.Channels;

    internal void CopyComputed(ReadOnlySpan<float> map, Span<float> known)
    {
        var channels = Shape.Channels;
        for (var i = 0; i < Computed.Count; i++)
        {
            var pixel = known.Slice(i * channels, channels);
            if (Computed[i]) map.Slice(i * channels, channels).CopyTo(pixel);
            else pixel.Clear();
        }
    }

    private static void Normalize(Span<float> map, float[] factor, float[] summand, float lowest)
    {
        for (var start = 0; start < map.Length; start += factor.Length)
        {
            var pixel = map.Slice(start, factor.Length);
            for (var c = 0; c < pixel.Length; c++)
            {
                var scaled = pixel[c] * factor[c];
                pixel[c] = Math.Max(scaled + summand[c], lowest);
            }
        }
    }
}

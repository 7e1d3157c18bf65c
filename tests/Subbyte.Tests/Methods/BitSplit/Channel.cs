using Subbyte.Lowering;
using Subbyte.Methods.BitSplit;

namespace Subbyte.Tests.Methods.BitSplit;

/// <summary>One output channel with its calibration rows.</summary>
internal sealed class Channel
{
    public Channel(double[] weights, float[][] rows, float[][]? quantized = null)
    {
        Weights = weights;
        Rows = rows;
        var patches = new PatchRows(weights.Length, [.. rows.SelectMany(row => row)]);
        Moments = quantized is null ? ResponseMoments.Of(patches) : ResponseMoments.Of(patches, new PatchRows(weights.Length, [.. quantized.SelectMany(row => row)]));
        Response = Moments.Response(weights);
    }

    public double[] Weights { get; }

    public float[][] Rows { get; }

    public ResponseMoments Moments { get; }

    public double[] Response { get; }

    /// <summary>A channel on correlated inputs after a ReLU; one input in eight is always zero.</summary>
    public static Channel Draw(Random random)
    {
        var (depth, rows) = (random.Next(1, 40), random.Next(1, 60));
        var mixing = Enumerable.Range(0, depth * depth).Select(_ => 0.3 * Gaussian(random)).ToArray();
        var isDead = Enumerable.Range(0, depth).Select(_ => random.Next(8) == 0).ToArray();
        var samples = Enumerable.Range(0, rows).Select(_ =>
        {
            var z = Enumerable.Range(0, depth).Select(_ => Gaussian(random)).ToArray();
            return Enumerable.Range(0, depth).Select(n => isDead[n] ? 0 : (float)Math.Max(0, z[n] + Enumerable.Range(0, depth).Sum(k => mixing[(n * depth) + k] * z[k]))).ToArray();
        }).ToArray();
        return new Channel([.. Enumerable.Range(0, depth).Select(_ => (double)(float)(Gaussian(random) / Math.Sqrt(depth)))], samples);
    }

    public static double Gaussian(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>Squared error of the output, by definition; <c>seen</c> are the rows that the quantized layer sees, the float layer's by default.</summary>
    public double Error(int[] codes, double scale, float[][]? seen = null)
        => Rows.Zip(seen ?? Rows, (exact, row) => Weights.Zip(exact, (w, x) => w * x).Sum() - (scale * codes.Zip(row, (q, x) => q * (double)x).Sum())).Sum(difference => difference * difference);

    public double Error(DigitPlanes planes) => Error(planes.Stitch(), planes.IntegerScale);

    public double Power() => Error(new int[Weights.Length], 0);
}

using Subbyte.Kernels;
using Subbyte.Lowering;

namespace Subbyte.Methods.Mlt;

/// <summary>What weights and activations of several levels share.</summary>
internal static class MltLevels
{
    /// <summary>Scales from their logarithms, as float32; short ones have twelve significant bits, so that the product of two is exact in float32.</summary>
    /// <param name="logarithms">ln γ of each level.</param>
    /// <param name="areShort">Whether they are multiplied with others.</param>
    /// <returns>γ of each level.</returns>
    public static double[] Scales(ReadOnlySpan<float> logarithms, bool areShort)
    {
        var scales = new double[logarithms.Length];
        for (var i = 0; i < scales.Length; i++)
        {
            var scale = (float)Transcendental.Exp((double)logarithms[i]);
            scales[i] = areShort ? Short(scale) : scale;
        }

        return scales;
    }

    /// <summary>A scale with twelve significant bits.</summary>
    /// <param name="scale">The scale.</param>
    /// <returns>The nearest such number.</returns>
    public static float Short(double scale) => BitConverter.UInt32BitsToSingle((BitConverter.SingleToUInt32Bits((float)scale) + 0x800) & ~0xFFFu);

    /// <summary>What balances the gradient of a scale with those of the values it serves, <c>1/√(n·(3^L − 1)/2)</c>.</summary>
    /// <param name="count">Number of values, n.</param>
    /// <param name="levels">Levels, L.</param>
    /// <returns>The factor.</returns>
    public static double Balance(int count, int levels) => 1 / Math.Sqrt(Math.Max(1, count) * (Math.Pow(3, levels) - 1) / 2);

    /// <summary>Weights in planes of trits.</summary>
    /// <param name="name">Name of the method.</param>
    /// <param name="planes">The planes.</param>
    /// <returns>The codes, two bits a trit.</returns>
    public static WeightCodes Codes(string name, IReadOnlyList<WeightPlane> planes)
        => new(name, planes, planes.Sum(plane => (2L * plane.Codes.Length) + (32L * plane.Scales.Length)));
}

using Subbyte.Lowering;

namespace Subbyte.Packing;

/// <summary>Weights that signed bytes do not hold, as sums of planes that they do.</summary>
internal static class WeightPlanes
{
    // Digits −64 to 63: whatever is left over is divisible.
    private const int Base = 128;

    /// <summary>The weights of a product, times its coefficient, as planes: Σ coefficient · plane. The last plane's coefficient is 1.</summary>
    /// <param name="term">The product.</param>
    /// <returns>Planes with their coefficients.</returns>
    public static IReadOnlyList<(sbyte[] Weights, int Coefficient)> Of(ProductTerm term)
    {
        var values = Array.ConvertAll(term.Weights, weight => (long)weight * term.Coefficient);
        var (lowest, highest) = (values.Min(), values.Max());
        if (lowest >= sbyte.MinValue && highest <= sbyte.MaxValue) return [(Array.ConvertAll(values, value => (sbyte)value), 1)];

        // Rests of few weights are multiplied weight by weight.
        if (lowest >= 2 * sbyte.MinValue && highest <= 2 * sbyte.MaxValue)
        {
            var near = Array.ConvertAll(values, value => (sbyte)Math.Clamp(value, sbyte.MinValue, sbyte.MaxValue));
            return [([.. values.Zip(near, (value, part) => (sbyte)(value - part))], 1), (near, 1)];
        }

        var planes = new List<(sbyte[] Weights, int Coefficient)>();
        for (var coefficient = 1; values.Any(value => value != 0); coefficient *= Base)
        {
            var digits = Array.ConvertAll(values, value => (sbyte)(((value + (Base / 2)) & (Base - 1)) - (Base / 2)));
            planes.Insert(0, (digits, coefficient));
            for (var i = 0; i < values.Length; i++) values[i] = (values[i] - digits[i]) / Base;
        }

        return planes;
    }
}

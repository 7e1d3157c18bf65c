namespace Subbyte.Runtime;

/// <summary>What becomes of the integer sums of a product: its scale, bias and clamp, and the elementwise steps behind it.</summary>
/// <param name="product">The product.</param>
/// <param name="steps">Steps behind it, which read nothing else.</param>
/// <param name="outputs">Outputs of the product.</param>
internal sealed class SumChain(ISumTiles product, IReadOnlyList<ITileStep> steps, int outputs)
{
    /// <summary>Sums that can occur are not below its negative, and not above it.</summary>
    public int LargestSum { get; } = (int)Math.Min(int.MaxValue, product.LargestSum);

    /// <summary>Number of outputs.</summary>
    public int Outputs => outputs;

    /// <summary>The value of each output's sum.</summary>
    /// <param name="sums">A sum an output.</param>
    /// <returns>The values, computed as a run computes them.</returns>
    public float[] Values(int[] sums)
    {
        var values = new float[outputs];
        product.Finish(sums, values);
        foreach (var step in steps) step.Apply(values, default, values);
        return values;
    }

    /// <summary>
    /// Whether every value ascends or descends with its sum: each operation does, its rounding too, and none leaves the finite numbers at either end of the sums,
    /// so that none does between.
    /// </summary>
    /// <returns>True when they do.</returns>
    public bool IsMonotone()
    {
        foreach (var offset in product.Offsets)
        {
            // A sum that wraps would jump.
            if (product.LargestSum + Math.Abs((long)offset) >= int.MaxValue) return false;
        }

        for (var m = 0; m < outputs; m++)
        {
            if (product.Direction(m) is null || steps.Any(step => step.Direction(m) is null)) return false;
        }

        return IsFinite(-LargestSum) && IsFinite(LargestSum);
    }

    private bool IsFinite(int sum)
    {
        var (sums, values) = (new int[outputs], new float[outputs]);
        Array.Fill(sums, sum);
        product.Finish(sums, values);
        if (!Array.TrueForAll(values, float.IsFinite)) return false;
        foreach (var step in steps)
        {
            step.Apply(values, default, values);
            if (!Array.TrueForAll(values, float.IsFinite)) return false;
        }

        return true;
    }
}

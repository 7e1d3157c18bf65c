namespace Subbyte.Lowering;

/// <summary>
/// A test of an affine function of an integer dot product, <c>A·dot + C</c> against a level, as a comparison of integers. The test in double, one
/// rounding an operation, is the definition; the bound is found by bisection over it, so no quotient can lie.
/// </summary>
/// <param name="IsUpper">True: the test holds where dot ≥ <paramref name="Bound"/>; false: where dot ≤ it.</param>
/// <param name="Bound">The bound; one beyond ±K where the test never holds.</param>
public readonly record struct DotThreshold(bool IsUpper, int Bound)
{
    /// <summary>Folds the test <c>A·dot + C &gt; level</c>, or ≥.</summary>
    /// <param name="factor">A.</param>
    /// <param name="summand">C.</param>
    /// <param name="level">The level.</param>
    /// <param name="inclusive">Whether equality counts.</param>
    /// <param name="largest">K: the largest absolute dot product.</param>
    /// <returns>The comparison; for A = 0 one that holds always or never.</returns>
    public static DotThreshold Fold(double factor, double summand, double level, bool inclusive, int largest)
    {
        var isUpper = factor >= 0;
        var (low, high) = (-largest, largest + 1);

        // Along the direction in which the sum does not fall, the first dot product that passes.
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (Holds(isUpper ? middle : -middle)) high = middle;
            else low = middle + 1;
        }

        return new DotThreshold(isUpper, isUpper ? low : -low);

        bool Holds(int dot)
        {
            var product = factor * dot;
            var sum = product + summand;
            return inclusive ? sum >= level : sum > level;
        }
    }

    /// <summary>The opposite test.</summary>
    /// <returns>It holds exactly where this one does not.</returns>
    public DotThreshold Not() => new(!IsUpper, IsUpper ? Bound - 1 : Bound + 1);

    /// <summary>Whether a dot product passes.</summary>
    /// <param name="dot">The dot product.</param>
    /// <returns>The test's outcome.</returns>
    public bool Holds(int dot) => IsUpper ? dot >= Bound : dot <= Bound;
}

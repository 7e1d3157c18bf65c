namespace Subbyte.Methods.Zap;

/// <summary>What a layer's threshold costs and saves, on a grid of thresholds in ascending order.</summary>
/// <param name="Products">Multiply-accumulates that are left, falling.</param>
/// <param name="Losses">Share of the activation mass that is lost, rising.</param>
public sealed record ThresholdCurve(double[] Products, double[] Losses);

/// <summary>
/// A threshold for each layer (section 3A.5): a sweep over λ ≥ 0 of <c>argmin products + λ·loss</c>, the smallest λ whose losses add up to no more than allowed. Exact for the loss it
/// lands on; only corners of the convex hull are reached.
/// </summary>
public static class OperatingPoint
{
    private const int Halvings = 200;

    /// <summary>Chooses a grid point for each layer.</summary>
    /// <param name="curves">The layers' curves.</param>
    /// <param name="allowed">Largest sum of losses.</param>
    /// <returns>An index into the grid for each layer; the first where even that loses too much.</returns>
    public static int[] Choose(IReadOnlyList<ThresholdCurve> curves, double allowed)
    {
        if (Loss(curves, At(curves, 0)) <= allowed) return At(curves, 0);
        double low = 0, high = 1;
        while (Loss(curves, At(curves, high)) > allowed)
        {
            if (double.IsInfinity(high)) return [.. curves.Select(_ => 0)];
            (low, high) = (high, high * 16);
        }

        for (var i = 0; i < Halvings; i++)
        {
            var middle = (low + high) / 2;
            if (Loss(curves, At(curves, middle)) <= allowed) high = middle;
            else low = middle;
        }

        return At(curves, high);
    }

    private static int[] At(IReadOnlyList<ThresholdCurve> curves, double lambda)
        => [.. curves.Select(curve =>
        {
            var best = 0;
            for (var i = 1; i < curve.Products.Length; i++)
            {
                if (curve.Products[i] + (lambda * curve.Losses[i]) < curve.Products[best] + (lambda * curve.Losses[best])) best = i;
            }

            return best;
        })];

    private static double Loss(IReadOnlyList<ThresholdCurve> curves, int[] chosen) => curves.Select((curve, layer) => curve.Losses[chosen[layer]]).Sum();
}

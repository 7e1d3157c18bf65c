using Subbyte.Kernels;
using Subbyte.Networks.Execution;

namespace Subbyte.Networks.Operators;

/// <summary>Powers and roots of the p-norm, in binary64 by multiplication and division only, so that they are the same everywhere.</summary>
internal static class PNorm
{
    private const int LargestPower = 64;

    /// <summary>Reads the attribute p.</summary>
    /// <param name="context">The node.</param>
    /// <returns>The power, 1 to 64.</returns>
    public static int Read(NodeContext context)
    {
        var p = context.Node.Integer("p", 2);
        return p is >= 1 and <= LargestPower ? (int)p : throw context.Fail($"p = {p} is not supported; 1 to {LargestPower} are");
    }

    /// <summary>|x|ᵖ.</summary>
    /// <param name="x">Base.</param>
    /// <param name="p">Power, ≥ 1.</param>
    /// <returns>The power.</returns>
    public static double Power(double x, int p)
    {
        var (magnitude, power) = (Math.Abs(x), 1d);
        for (var i = 0; i < p; i++) power *= magnitude;
        return power;
    }

    /// <summary>The p-th root.</summary>
    /// <param name="sum">Radicand, ≥ 0.</param>
    /// <param name="p">Power, ≥ 1.</param>
    /// <returns>The root.</returns>
    public static double Root(double sum, int p)
    {
        if (p == 1 || !(sum > 0) || double.IsPositiveInfinity(sum)) return sum;
        if (p == 2) return Math.Sqrt(sum);

        // A radicand beyond binary32 begins far away: Newton's steps from above shrink by (p − 1) / p until they converge.
        var root = sum is > float.MinValue and < float.MaxValue and > 1e-37 ? Transcendental.Exp(Transcendental.Log((float)sum) / p) : Math.Max(1, Math.Sqrt(sum));
        for (var i = 0; i < 2000; i++)
        {
            var next = root - (((root - (sum / Power(root, p - 1))) / p));
            if (Math.Abs(next - root) <= 1e-15 * Math.Abs(root)) return next;
            root = next;
        }

        return root;
    }
}

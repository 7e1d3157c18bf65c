namespace Subbyte.Methods.Training;

/// <summary>What binary weights share: signs with sgn(0) = +1, and sums over a row of latents in ascending order and double precision.</summary>
internal static class LatentSigns
{
    /// <summary>The sign of a latent; zero counts as positive, so that there are two values only.</summary>
    /// <param name="latent">The latent.</param>
    /// <returns>+1 or −1.</returns>
    public static float Of(float latent) => latent >= 0 ? 1 : -1;

    /// <summary>Clamps latents to [−1, 1] for good.</summary>
    /// <param name="latents">The latents.</param>
    public static void Clamp(Span<float> latents)
    {
        foreach (ref var latent in latents) latent = Math.Clamp(latent, -1, 1);
    }

    /// <summary>Σ|v|.</summary>
    /// <param name="row">Latents.</param>
    /// <returns>The sum.</returns>
    public static double AbsoluteSum(ReadOnlySpan<float> row)
    {
        double sum = 0;
        foreach (var latent in row) sum += Math.Abs(latent);
        return sum;
    }

    /// <summary>Σ sgn(v)·g.</summary>
    /// <param name="row">Latents.</param>
    /// <param name="gradient">As many gradients.</param>
    /// <returns>The sum.</returns>
    public static double SignedSum(ReadOnlySpan<float> row, ReadOnlySpan<float> gradient)
    {
        double sum = 0;
        for (var k = 0; k < row.Length; k++) sum += row[k] >= 0 ? gradient[k] : -gradient[k];
        return sum;
    }

    /// <summary>Fills latents with a normal distribution of mean 0.</summary>
    /// <param name="latents">Takes the numbers.</param>
    /// <param name="deviation">Standard deviation.</param>
    /// <param name="random">Where they come from.</param>
    public static void Draw(Span<float> latents, double deviation, Kernels.SeededRandom random)
    {
        foreach (ref var latent in latents) latent = (float)(deviation * random.NextGaussian());
    }
}

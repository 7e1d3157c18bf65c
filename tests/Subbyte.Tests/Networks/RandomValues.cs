namespace Subbyte.Tests.Networks;

/// <summary>Seeded values that look like those of networks.</summary>
internal static class RandomValues
{
    public static float Gaussian(this Random random)
        => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));

    /// <summary>Normal values around 0; negative ones become 0 where <paramref name="isNonNegative"/> is set, as after a ReLU.</summary>
    public static float[] Gaussians(this Random random, int count, double spread = 1, bool isNonNegative = false)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            var value = (float)(random.Gaussian() * spread);
            values[i] = isNonNegative ? Math.Max(0, value) : value;
        }

        return values;
    }
}

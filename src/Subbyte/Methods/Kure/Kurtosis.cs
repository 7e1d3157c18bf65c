namespace Subbyte.Methods.Kure;

/// <summary>Which standard deviation a kurtosis is taken with.</summary>
public enum KurtosisForm
{
    /// <summary>Divided by n.</summary>
    Population,

    /// <summary>Divided by n − 1.</summary>
    Sample,
}

/// <summary>The fourth standardized moment of a tensor, <c>K = mean(z⁴)</c>, and its derivative; moments in double precision, in ascending order.</summary>
public readonly struct Kurtosis
{
    /// <summary>That of a uniform distribution.</summary>
    public const double Uniform = 1.8;

    private readonly double _mean;
    private readonly double _deviation;
    private readonly double _skewness;
    private readonly double _population;
    private readonly double _formFactor;

    private Kurtosis(double mean, double deviation, double skewness, double population, double formFactor)
        => (_mean, _deviation, _skewness, _population, _formFactor) = (mean, deviation, skewness, population, formFactor);

    /// <summary>Whether there is one: at least two elements that differ.</summary>
    public bool IsDefined => _deviation > 0;

    /// <summary>K.</summary>
    public double Value => _population * _formFactor;

    /// <summary>The kurtosis of a tensor.</summary>
    /// <param name="values">Its elements.</param>
    /// <param name="form">Population or sample.</param>
    /// <returns>The kurtosis.</returns>
    public static Kurtosis Of(ReadOnlySpan<float> values, KurtosisForm form = KurtosisForm.Population)
    {
        double n = values.Length;
        double sum = 0;
        foreach (var value in values) sum += value;
        var mean = sum / n;
        double second = 0, third = 0, fourth = 0;
        foreach (var value in values)
        {
            var d = value - mean;
            var square = d * d;
            second += square;
            third += square * d;
            fourth += square * square;
        }

        var variance = second / n;
        if (n < 2 || !(variance > 0)) return default;
        var deviation = Math.Sqrt(variance);
        var factor = form == KurtosisForm.Sample ? (n - 1) / n * ((n - 1) / n) : 1;
        return new Kurtosis(mean, deviation, third / n / (variance * deviation), fourth / n / (variance * variance), factor);
    }

    /// <summary>Adds the derivative, <c>∂K/∂w_j = 4/(nσ)·(z_j³ − mean(z³) − K·z_j)</c> (section 3).</summary>
    /// <param name="values">The elements that it was taken of.</param>
    /// <param name="factor">What multiplies it.</param>
    /// <param name="gradient">What it is added to.</param>
    public void AddGradient(ReadOnlySpan<float> values, double factor, Span<float> gradient)
    {
        var scale = factor * _formFactor * 4 / (values.Length * _deviation);
        for (var i = 0; i < values.Length; i++)
        {
            var z = (values[i] - _mean) / _deviation;
            gradient[i] += (float)(scale * ((z * z * z) - _skewness - (_population * z)));
        }
    }
}

using System.Globalization;
using Subbyte.Methods.NbSmt;

namespace Subbyte.Experiments.Reproduction.Statistics;

/// <summary>
/// Figures that the papers' formats and machines have without any network, most of them of drawn values: a name and arguments, such as
/// <c>fpec-dot-products mode=d bits=5</c>.
/// </summary>
internal static class DrawnStatistics
{
    private static readonly Dictionary<string, Func<Arguments, double>> Known = new(StringComparer.Ordinal)
    {
        ["term-revealing-error"] = RevealedTerms.SquaredError,
        ["term-revealing-kept"] = RevealedTerms.Kept,
        ["fpec-dot-products"] = CompensatedDotProducts.RelativeError,
        ["fpec-energy-ratio"] = CompensatedDotProducts.EnergyRatio,
        ["bit-split-output"] = SplitWeights.OutputError,
        ["laconic-lanes"] = LaconicLanes.MeanTerms,
        ["nb-smt-energy"] = SavedEnergy,
        ["array-speedup"] = ArrayShapes.Speedup,
        ["threads-energy"] = ArrayShapes.SavedByThreads,
        ["sparq-area"] = ArrayShapes.SparqArea,
        ["uniform-sqnr"] = ClippedGaussian.Decibels,
        ["binary-information"] = BinaryInformation.OfNormal,
        ["kurtosis-flow"] = KurtosisFlow.Kurtosis,
        ["missed-step"] = MissedStep.Of,
        ["levels-of-normal"] = LevelsOfNormal.Of,
    };

    /// <summary>Computes a statistic.</summary>
    /// <param name="text">Name and arguments.</param>
    /// <returns>The figure.</returns>
    /// <exception cref="UserErrorException">There is no such statistic, or an argument is missing.</exception>
    public static double Value(string text)
    {
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0 || !Known.TryGetValue(parts[0], out var compute)) throw new UserErrorException($"there is no statistic '{text}'; there are {string.Join(", ", Known.Keys)}");
        return compute(new Arguments(text, parts[1..].Select(part => part.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair.Length > 1 ? pair[1] : "", StringComparer.Ordinal)));
    }

    /// <summary>Energy, in percent, that threads save at a utilization against one thread at 80 %, when every multiplication takes its share of the cycles.</summary>
    private static double SavedEnergy(Arguments arguments)
    {
        var threads = arguments.Integer("threads");
        return 100 * (1 - (NbSmtArray.RelativePower(threads, arguments.Number("utilization")) / threads));
    }

    /// <summary>Arguments of a statistic.</summary>
    /// <param name="text">The statistic, for messages.</param>
    /// <param name="values">Values by name.</param>
    internal sealed class Arguments(string text, Dictionary<string, string> values)
    {
        /// <summary>A text.</summary>
        /// <param name="name">Name of the argument.</param>
        /// <param name="other">What it is when absent; null when it must be there.</param>
        /// <returns>The value.</returns>
        public string Text(string name, string? other = null)
            => values.GetValueOrDefault(name) ?? other ?? throw new UserErrorException($"statistic '{text}' needs {name}=");

        /// <summary>A number.</summary>
        /// <param name="name">Name of the argument.</param>
        /// <param name="other">What it is when absent; null when it must be there.</param>
        /// <returns>The value.</returns>
        public double Number(string name, double? other = null)
            => double.TryParse(Text(name, other?.ToString(CultureInfo.InvariantCulture)), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw new UserErrorException($"statistic '{text}': {name} must be a number");

        /// <summary>An integer.</summary>
        /// <param name="name">Name of the argument.</param>
        /// <param name="other">What it is when absent; null when it must be there.</param>
        /// <returns>The value.</returns>
        public int Integer(string name, int? other = null) => (int)Number(name, other);

        /// <summary>A name among those of an enumeration.</summary>
        /// <typeparam name="T">The enumeration.</typeparam>
        /// <param name="name">Name of the argument.</param>
        /// <param name="other">What it is when absent.</param>
        /// <returns>The value.</returns>
        public T Choice<T>(string name, T other)
            where T : struct, Enum
            => Enum.TryParse<T>(Text(name, other.ToString()), ignoreCase: true, out var choice) ? choice : throw new UserErrorException($"statistic '{text}': {name} is one of {string.Join(", ", Enum.GetNames<T>())}");
    }
}

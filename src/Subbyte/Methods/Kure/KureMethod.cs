using Subbyte.Methods.Training;

namespace Subbyte.Methods.Kure;

/// <summary>How the penalties of layers become one.</summary>
public enum KureMode
{
    /// <summary>Their mean.</summary>
    Avg,

    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>The largest.</summary>
    Max,
}

/// <summary>Options of <c>kure</c>.</summary>
public sealed record KureOptions
{
    /// <summary>Coefficient λ.</summary>
    [Option("lambda", "training: coefficient of the penalty", Minimum = 0, Maximum = 1000)]
    public double Lambda { get; set; } = 1;

    /// <summary>Target of the kurtosis.</summary>
    [Option("target", "training: kurtosis that weights are pulled to; that of a uniform distribution is 1.8, of a normal one 3", Minimum = 1, Maximum = 100)]
    public double Target { get; set; } = Kurtosis.Uniform;

    /// <summary>How the penalties of layers become one.</summary>
    [Option("mode", "training: mean, sum or largest of the layers' penalties")]
    public KureMode Mode { get; set; }

    /// <summary>Which standard deviation the kurtosis is taken with.</summary>
    [Option("kurtosis", "training: standard deviation over n (population) or n − 1 (sample, the authors' code)")]
    public KurtosisForm Form { get; set; }
}

/// <summary>
/// Kurtosis regularization (Shkolnik et al., NeurIPS 2020): a penalty <c>λ·(K(w) − K_T)²</c> that pulls every weight tensor's kurtosis to that of a uniform distribution, so that the
/// trained float network survives quantizers that it was never trained for. Nothing changes at inference.
/// </summary>
/// <param name="options">Options.</param>
public sealed class KureMethod(KureOptions options) : IWeightRegularizer
{
    /// <summary>The registration.</summary>
    public static MethodDescriptor Descriptor { get; } = MethodDescriptor.Define<KureOptions>(
        "kure",
        "training: a penalty on the kurtosis of weights, which makes the network robust to bit widths and step sizes",
        "M. Shkolnik, B. Chmiel, R. Banner, G. Shomron, Y. Nahshan, A. Bronstein, U. Weiser, \"Robust Quantization: One Model to Rule Them All\", NeurIPS 2020",
        options => new KureMethod(options));

    /// <inheritdoc/>
    /// <remarks>All layers but the first and the last.</remarks>
    public bool Covers(TrainableLayer layer) => !layer.IsEnd;

    /// <inheritdoc/>
    public double Penalize(IReadOnlyList<float[]> weights, IReadOnlyList<float[]>? gradients)
    {
        var kurtoses = weights.Select(layer => Kurtosis.Of(layer, options.Form)).ToArray();
        var penalties = kurtoses.Select(kurtosis => kurtosis.IsDefined ? Square(kurtosis.Value - options.Target) : 0).ToArray();
        if (penalties.Length == 0) return 0;
        var worst = Array.IndexOf(penalties, penalties.Max());
        for (var i = 0; gradients is not null && i < penalties.Length; i++)
        {
            if (!kurtoses[i].IsDefined || (options.Mode == KureMode.Max && i != worst)) continue;
            var factor = options.Lambda * 2 * (kurtoses[i].Value - options.Target) / (options.Mode == KureMode.Avg ? penalties.Length : 1);
            kurtoses[i].AddGradient(weights[i], factor, gradients[i]);
        }

        return options.Lambda * options.Mode switch
        {
            KureMode.Avg => penalties.Sum() / penalties.Length,
            KureMode.Sum => penalties.Sum(),
            _ => penalties[worst],
        };
    }

    private static double Square(double value) => value * value;
}

namespace Subbyte.Methods.Uniform;

/// <summary>How the range of a uniform grid is chosen.</summary>
public enum ClipRule
{
    /// <summary>
    /// By the number of bits: weights min-max from 6 bits on, else the squared error; activations min-max from 9 bits on, entropy at 7 and
    /// 8 unless it leaves more than ten times the smallest squared error, else the squared error.
    /// </summary>
    Default,

    /// <summary>Nothing is clipped.</summary>
    MinMax,

    /// <summary>Activations: the mean of the samples' largest values, beyond which is clipped; weights and activations with negative values: nothing is.</summary>
    MeanMax,

    /// <summary>Smallest squared error.</summary>
    Mse,

    /// <summary>A percentile of |x|.</summary>
    Percentile,

    /// <summary>Smallest relative entropy.</summary>
    Kl,
}

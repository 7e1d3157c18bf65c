namespace Subbyte.Kernels;

/// <summary>Functions that gates of recurrent layers apply; α and β are parameters.</summary>
public enum GateFunction
{
    /// <summary>1 / (1 + e⁻ˣ).</summary>
    Sigmoid,

    /// <summary>tanh x.</summary>
    Tanh,

    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>x / (1 + |x|).</summary>
    Softsign,

    /// <summary>ln(1 + eˣ).</summary>
    Softplus,

    /// <summary>α·x + β.</summary>
    Affine,

    /// <summary>x, below 0 α·x.</summary>
    LeakyRelu,

    /// <summary>x above α, else 0.</summary>
    ThresholdedRelu,

    /// <summary>α·tanh(β·x).</summary>
    ScaledTanh,

    /// <summary>α·x + β between 0 and 1.</summary>
    HardSigmoid,

    /// <summary>x, below 0 α·(eˣ − 1).</summary>
    Elu,
}

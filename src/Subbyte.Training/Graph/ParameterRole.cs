namespace Subbyte.Training;

/// <summary>What a trained tensor is to its layer; rules such as weight decay go by it.</summary>
public enum ParameterRole
{
    /// <summary>Weights of a convolution or a linear layer.</summary>
    Weight,

    /// <summary>A bias.</summary>
    Bias,

    /// <summary>The factor γ of a batch normalization.</summary>
    Scale,

    /// <summary>The summand β of a batch normalization.</summary>
    Shift,

    /// <summary>The slope of a PReLU below 0.</summary>
    Slope,

    /// <summary>A table of words.</summary>
    Embedding,

    /// <summary>A threshold, scale or the like of a quantizer.</summary>
    Quantizer,
}

namespace Subbyte.Experiments.Reproduction;

/// <summary>What is measured of a recipe.</summary>
public enum Measure
{
    /// <summary>Samples that are right.</summary>
    Correct,

    /// <summary>Share of samples that are right, in percent.</summary>
    Top1,

    /// <summary>Share of samples with fp32's largest output, in percent.</summary>
    Agreement,

    /// <summary>Perplexity of a text.</summary>
    Perplexity,

    /// <summary>An operation of the cost, by name, for one sample; in percent of another one where that is named.</summary>
    Operation,

    /// <summary>An operation of the cost over another one.</summary>
    Ratio,

    /// <summary>Modelled cycles of one sample.</summary>
    Cycles,

    /// <summary>Modelled energy of one sample in picojoules.</summary>
    Energy,

    /// <summary>Squared error of each lowered layer's sums over the squares of the sums under another recipe, on the inputs that the layer has there.</summary>
    SumError,

    /// <summary>The same as a signal-to-noise ratio in decibels.</summary>
    SumDecibels,

    /// <summary>An operation of each lowered layer over another one; the inputs are those under another recipe where one is named.</summary>
    LayerOperation,

    /// <summary>Relative squared error of each lowered layer's outputs that its weights alone make, on calibration patches of the fp32 network.</summary>
    WeightError,

    /// <summary>Squared error of each lowered layer's weights over the weights' squares.</summary>
    WeightRounding,

    /// <summary>The relative squared error of outputs, made by the codes of weights and activations.</summary>
    CodeError,

    /// <summary>The relative squared error of outputs, made by the codes of activations alone.</summary>
    ActivationError,

    /// <summary>Bytes of each layer's weights and biases in fp32 over those in the packed file.</summary>
    PackedMemory,

    /// <summary>Kurtosis of each inner layer's float weights; a recipe has no say in it.</summary>
    Kurtosis,

    /// <summary>How far each inner layer's kurtosis lies from 1.8, that of a uniform distribution.</summary>
    KurtosisDistance,

    /// <summary>A figure of drawn values, without a network.</summary>
    Statistic,
}

/// <summary>How the figures of a network's layers become one.</summary>
public enum Across
{
    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>The smallest.</summary>
    Least,

    /// <summary>The largest.</summary>
    Most,

    /// <summary>The sum of what is measured over the sum of what it is measured against.</summary>
    Total,
}

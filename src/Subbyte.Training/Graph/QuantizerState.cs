using Subbyte.Methods.Training;

namespace Subbyte.Training;

/// <summary>The parameters of a quantizer as the engine keeps them.</summary>
internal sealed class QuantizerState
{
    private readonly QuantizerParameter[] _parameters;

    /// <summary>Zeros.</summary>
    /// <param name="owner">What the quantizer belongs to, for messages.</param>
    /// <param name="quantizer">The quantizer.</param>
    public QuantizerState(string owner, ITrainableQuantizer quantizer)
    {
        _parameters = [.. quantizer.Parameters];
        Values = [.. _parameters.Select(parameter => new float[parameter.Length])];
        Gradients = [.. _parameters.Select(parameter => new float[parameter.Length])];
        Trained = [.. _parameters.Index().Where(entry => entry.Item.Kind == QuantizerParameterKind.Trained).Select(entry => new Parameter(owner, entry.Item, Values[entry.Index], Gradients[entry.Index]))];
    }

    /// <summary>The numbers, as quantizers take them.</summary>
    public float[][] Values { get; }

    /// <summary>Their gradients, or statistics of the latest batch.</summary>
    public float[][] Gradients { get; }

    /// <summary>Those that the optimizer moves.</summary>
    public IReadOnlyList<Parameter> Trained { get; }

    /// <summary>Makes the statistics of the latest batch the values of their parameters.</summary>
    public void TakeStatistics()
    {
        for (var i = 0; i < _parameters.Length; i++)
        {
            if (_parameters[i].Kind == QuantizerParameterKind.Statistic) Gradients[i].CopyTo(Values[i], 0);
        }
    }

    /// <summary>Sets all gradients to zero.</summary>
    public void ClearGradients()
    {
        foreach (var gradient in Gradients) Array.Clear(gradient);
    }
}

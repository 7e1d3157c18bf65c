using Subbyte.Methods.Training;
using Subbyte.Tensors;

namespace Subbyte.Training;

/// <summary>A tensor that training changes, with its gradient, in the layout that the kernels want: a constant of the network, or a parameter of a quantizer.</summary>
public sealed class Parameter
{
    private readonly int[] _dimensions;
    private readonly int[] _axes;

    /// <summary>Takes a constant of a network.</summary>
    /// <param name="name">Name of the constant.</param>
    /// <param name="role">What it is.</param>
    /// <param name="initial">Its value.</param>
    /// <param name="axes">The order of its axes in memory, outermost first; none to keep the order.</param>
    internal Parameter(string name, ParameterRole role, Tensor initial, params ReadOnlySpan<int> axes)
    {
        (Name, Role, IsConstant) = (name, role, true);
        Part = role is ParameterRole.Scale or ParameterRole.Shift ? TrainedParts.Normalizations : TrainedParts.Weights;
        _dimensions = initial.Dimensions.ToArray();
        _axes = axes.IsEmpty ? [.. Enumerable.Range(0, initial.Rank)] : axes.ToArray();
        Values = AxisOrder.Permute<float>(initial.AsSpan<float>(), _dimensions, _axes);
        Gradient = new float[Values.Length];
    }

    /// <summary>Takes a constant that is another one in another order of axes: both are one in training.</summary>
    /// <param name="name">Name of the constant.</param>
    /// <param name="role">What it is.</param>
    /// <param name="initial">Its value.</param>
    /// <param name="owner">The other one, with the same values in memory.</param>
    /// <param name="axes">The order of its axes in memory, outermost first.</param>
    internal Parameter(string name, ParameterRole role, Tensor initial, Parameter owner, params ReadOnlySpan<int> axes)
        : this(name, role, initial, axes) => (Owner, Values) = (owner, owner.Values);

    /// <summary>Takes a parameter of a quantizer.</summary>
    /// <param name="owner">What it belongs to, for messages.</param>
    /// <param name="parameter">What it is.</param>
    /// <param name="values">Its numbers, shared.</param>
    /// <param name="gradient">Their gradient, shared.</param>
    internal Parameter(string owner, QuantizerParameter parameter, float[] values, float[] gradient)
    {
        (Name, Part, RateFactor) = ($"{owner}.{parameter.Name}", TrainedParts.Quantizers, parameter.LearningRateFactor);
        Role = parameter.Decays ? ParameterRole.Weight : ParameterRole.Quantizer;
        (Values, Gradient, _dimensions, _axes) = (values, gradient, [values.Length], [0]);
    }

    /// <summary>Name of the network's constant.</summary>
    public string Name { get; }

    /// <summary>What the tensor is to its layer.</summary>
    public ParameterRole Role { get; }

    /// <summary>Which part of the network it belongs to.</summary>
    public TrainedParts Part { get; }

    /// <summary>Factor on the learning rate.</summary>
    public double RateFactor { get; } = 1;

    /// <summary>Number of elements.</summary>
    public int Length => Values.Length;

    /// <summary>Whether it is a constant of the network.</summary>
    internal bool IsConstant { get; }

    /// <summary>The parameter whose values it shares, or null: what it is moved with.</summary>
    internal Parameter? Owner { get; }

    /// <summary>The elements; for a convolution [output][kernel row][kernel column][channel of the group].</summary>
    internal float[] Values { get; }

    /// <summary>Gradient of the loss, element by element, after a backward pass.</summary>
    internal float[] Gradient { get; }

    /// <summary>The present value as the network's constant.</summary>
    /// <returns>A new tensor in the constant's own order of axes.</returns>
    internal Tensor ToTensor() => ToTensor(Values);

    /// <summary>Values in this parameter's layout as the network's constant.</summary>
    /// <param name="values">As many values.</param>
    /// <returns>A new tensor in the constant's own order of axes.</returns>
    internal Tensor ToTensor(ReadOnlySpan<float> values)
    {
        var stored = _axes.Select(axis => _dimensions[axis]).ToArray();
        var inverse = Enumerable.Range(0, _axes.Length).Select(axis => Array.IndexOf(_axes, axis)).ToArray();
        return Tensor.Of<float>(AxisOrder.Permute(values, stored, inverse), _dimensions);
    }
}

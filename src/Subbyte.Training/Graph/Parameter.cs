using Subbyte.Tensors;

namespace Subbyte.Training;

/// <summary>A tensor of a network that training changes, with its gradient, in the layout that the kernels want.</summary>
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
        (Name, Role) = (name, role);
        _dimensions = initial.Dimensions.ToArray();
        _axes = axes.IsEmpty ? [.. Enumerable.Range(0, initial.Rank)] : axes.ToArray();
        Values = AxisOrder.Permute<float>(initial.AsSpan<float>(), _dimensions, _axes);
        Gradient = new float[Values.Length];
    }

    /// <summary>Name of the network's constant.</summary>
    public string Name { get; }

    /// <summary>What the tensor is to its layer.</summary>
    public ParameterRole Role { get; }

    /// <summary>Number of elements.</summary>
    public int Length => Values.Length;

    /// <summary>The elements; for a convolution [output][kernel row][kernel column][channel of the group].</summary>
    internal float[] Values { get; }

    /// <summary>Gradient of the loss, element by element, after a backward pass.</summary>
    internal float[] Gradient { get; }

    /// <summary>The present value as the network's constant.</summary>
    /// <returns>A new tensor in the constant's own order of axes.</returns>
    internal Tensor ToTensor()
    {
        var stored = _axes.Select(axis => _dimensions[axis]).ToArray();
        var inverse = Enumerable.Range(0, _axes.Length).Select(axis => Array.IndexOf(_axes, axis)).ToArray();
        return Tensor.Of<float>(AxisOrder.Permute<float>(Values, stored, inverse), _dimensions);
    }
}

using Subbyte.Networks.Execution;
using Subbyte.Runtime;

namespace Subbyte.Packing;

/// <summary>Values of a packed network, and those among them that slots of a plan have become.</summary>
/// <param name="plan">The plan.</param>
internal sealed class PackedValues(ExecutionPlan plan)
{
    private readonly List<PackedValue> _values = [];
    private readonly Dictionary<int, int> _places = [];

    /// <summary>All values.</summary>
    public IReadOnlyList<PackedValue> All => _values;

    /// <summary>The value that a slot has become.</summary>
    /// <param name="slot">The slot.</param>
    /// <returns>The value's number.</returns>
    public int this[int slot] => _places[slot];

    /// <summary>The value of a slot, added where it is new.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="name">Its name.</param>
    /// <param name="dimensions">Its dimensions.</param>
    /// <returns>The value's number.</returns>
    public int Of(int slot, string name, ReadOnlySpan<int> dimensions) => _places.TryGetValue(slot, out var known) ? known : _places[slot] = Add(name, dimensions);

    /// <summary>The value of a slot between steps, added where it is new.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="name">Its name.</param>
    /// <returns>The value's number.</returns>
    public int Of(int slot, string name) => Of(slot, name, [checked((int)plan.Slots[slot].Type.Count)]);

    /// <summary>Makes a slot a value that is there already.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="value">The value's number.</param>
    public void Share(int slot, int value) => _places[slot] = value;

    /// <summary>Adds a value that no slot is.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="dimensions">Its dimensions.</param>
    /// <returns>The value's number.</returns>
    public int Add(string name, ReadOnlySpan<int> dimensions)
    {
        _values.Add(new PackedValue(name, dimensions.ToArray()));
        return _values.Count - 1;
    }
}

using Subbyte.Tensors;

namespace Subbyte.Networks.Execution;

/// <summary>Gives every value of a plan a place in one arena; values whose lifetimes do not meet share memory.</summary>
internal static class ArenaPlanner
{
    /// <summary>Places all values that are not constant.</summary>
    /// <param name="slots">Values.</param>
    /// <param name="steps">Steps in execution order.</param>
    /// <param name="inputs">Slots of the network's inputs, alive from before the first step.</param>
    /// <param name="outputs">Slots of the network's outputs, alive until after the last step.</param>
    /// <returns>Bytes of the arena.</returns>
    public static long Place(IReadOnlyList<PlanSlot> slots, IReadOnlyList<PlanStep> steps, IReadOnlyList<int> inputs, IReadOnlyList<int> outputs)
    {
        var born = new int[slots.Count];
        var dies = new int[slots.Count];
        Array.Fill(born, int.MaxValue);
        Array.Fill(dies, -1);
        foreach (var slot in inputs) born[slot] = -1;
        for (var i = 0; i < steps.Count; i++)
        {
            foreach (var slot in steps[i].Outputs)
            {
                born[slot] = Math.Min(born[slot], i);
                dies[slot] = Math.Max(dies[slot], i);
            }

            foreach (var slot in steps[i].Inputs.Where(slot => slot >= 0)) dies[slot] = Math.Max(dies[slot], i);
        }

        foreach (var slot in outputs) dies[slot] = steps.Count;
        int[] values = [.. Enumerable.Range(0, slots.Count).Where(slot => slots[slot].Constant is null && born[slot] != int.MaxValue)];
        var (offsets, bytes) = ArenaLayout.Place([.. values.Select(slot => new Lifetime(born[slot], dies[slot], slots[slot].Bytes))]);
        for (var i = 0; i < values.Length; i++) slots[values[i]].Offset = offsets[i];
        return bytes;
    }
}

using Subbyte.Tensors;

namespace Subbyte.Runtime;

/// <summary>Where the values of a network lie, and how much memory a run takes.</summary>
internal sealed class SessionPlan
{
    // A hostile file must not ask for all memory: a run may take so much.
    private const long MostBytes = 1L << 30;

    /// <summary>Plans a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="steps">The steps of a run.</param>
    /// <param name="codes">Bytes of each map of codes; the first is numbered behind the last value.</param>
    /// <exception cref="PackedFormatException">A run would take more than 1 GiB.</exception>
    public SessionPlan(PackedNetwork network, IReadOnlyList<PackedStep> steps, IReadOnlyList<int> codes)
    {
        var born = new int[network.Values.Count + codes.Count];
        var dies = new int[born.Length];
        Array.Fill(born, int.MaxValue);
        born[network.Input] = -1;
        foreach (var state in network.States) born[state.Before] = -1;
        for (var i = 0; i < steps.Count; i++)
        {
            foreach (var made in steps[i].Makes) (born[made], dies[made]) = (i, Math.Max(dies[made], i));
            foreach (var value in steps[i].Inputs) dies[value] = i;
        }

        dies[network.Output] = steps.Count;
        foreach (var state in network.States) dies[state.After] = steps.Count;
        (Input, Output) = (network.Input, network.Output);
        Lengths = [.. network.Values.Select(value => value.Length), .. codes];
        // A value that nothing makes takes no memory.
        (Offsets, ArenaBytes) = ArenaLayout.Place([.. Lengths.Select((length, i) => born[i] == int.MaxValue ? new Lifetime(0, 0, 0) : new Lifetime(born[i], Math.Max(born[i], dies[i]), i < network.Values.Count ? SessionFrame.Bytes<float>(length) : SessionFrame.Bytes<byte>(length)))]);
        SharedBytes = steps.Select(step => step.SharedBytes).DefaultIfEmpty().Max();
        WorkerBytes = steps.Select(step => step.WorkerBytes).DefaultIfEmpty().Max();
        if (Math.Max(ArenaBytes, Math.Max(SharedBytes, WorkerBytes)) > MostBytes)
            throw new PackedFormatException($"'{network.Name}' needs {Math.Max(ArenaBytes, Math.Max(SharedBytes, WorkerBytes))} bytes for a run, more than {MostBytes}");
    }

    /// <summary>The value that a run is given.</summary>
    public int Input { get; }

    /// <summary>The value that a run gives.</summary>
    public int Output { get; }

    /// <summary>Offset of each value and map of codes in the arena.</summary>
    public long[] Offsets { get; }

    /// <summary>Elements of each value, bytes of each map of codes.</summary>
    public int[] Lengths { get; }

    /// <summary>Bytes of the arena.</summary>
    public long ArenaBytes { get; }

    /// <summary>Bytes that the tiles of a step share at most.</summary>
    public long SharedBytes { get; }

    /// <summary>Bytes that a worker takes at most.</summary>
    public long WorkerBytes { get; }
}

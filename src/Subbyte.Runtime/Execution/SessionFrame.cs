using System.Runtime.InteropServices;
using Subbyte.Kernels;

namespace Subbyte.Runtime;

/// <summary>Memory of one run: values at their planned places, memory that the tiles of a step share, memory of each worker.</summary>
internal sealed unsafe class SessionFrame
{
    private const int Alignment = 64;

    private readonly SessionPlan _plan;
    private readonly AlignedBuffer<byte> _arena;
    private readonly AlignedBuffer<byte> _shared;
    private readonly AlignedBuffer<byte>[] _workers;
    private float* _input;
    private float* _output;

    /// <summary>Takes the memory.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="workers">Workers that may do tiles of a run.</param>
    public SessionFrame(SessionPlan plan, int workers)
    {
        _plan = plan;
        _arena = new AlignedBuffer<byte>((int)plan.ArenaBytes);
        _shared = new AlignedBuffer<byte>((int)plan.SharedBytes);
        _workers = [.. Enumerable.Range(0, workers).Select(_ => new AlignedBuffer<byte>((int)plan.WorkerBytes))];
    }

    /// <summary>Memory that the tiles of a step share.</summary>
    public Span<byte> Shared => _shared.Span;

    /// <summary>Bytes of elements, rounded up so that what follows is aligned.</summary>
    /// <typeparam name="T">Element type.</typeparam>
    /// <param name="count">Number of elements.</param>
    /// <returns>The number of bytes.</returns>
    public static long Bytes<T>(long count) where T : unmanaged => ((count * sizeof(T)) + Alignment - 1) / Alignment * Alignment;

    /// <summary>Lets the input and the output of the network lie in memory of the caller for a while.</summary>
    /// <param name="input">Where the input lies, or null for the arena.</param>
    /// <param name="output">Where the output lies, or null for the arena.</param>
    public void Lend(float* input, float* output)
    {
        _input = input;
        _output = output;
    }

    /// <summary>A value; that of the network's input is only read.</summary>
    /// <param name="value">Which.</param>
    /// <returns>Its elements.</returns>
    public Span<float> Value(int value)
    {
        if (value == _plan.Input && _input is not null) return new Span<float>(_input, _plan.Lengths[value]);
        if (value == _plan.Output && _output is not null) return new Span<float>(_output, _plan.Lengths[value]);
        return MemoryMarshal.Cast<byte, float>(_arena.Span.Slice((int)_plan.Offsets[value], _plan.Lengths[value] * sizeof(float)));
    }

    /// <summary>A map of codes.</summary>
    /// <param name="map">Which.</param>
    /// <returns>Its bytes.</returns>
    public Span<byte> Codes(int map) => _arena.Span.Slice((int)_plan.Offsets[map], _plan.Lengths[map]);

    /// <summary>Memory of a worker.</summary>
    /// <param name="worker">Which.</param>
    /// <returns>Its memory.</returns>
    public Span<byte> Worker(int worker) => _workers[worker].Span;
}

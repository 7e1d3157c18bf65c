using System.Runtime.InteropServices;
using Subbyte.Kernels;

namespace Subbyte.Runtime;

/// <summary>What a packed recurrent layer consists of.</summary>
public sealed record RecurrentParts
{
    /// <summary>What the gates make of their products; holds sizes and directions.</summary>
    public required RecurrentCell Cell { get; init; }

    /// <summary>The layers of each direction: the product of all steps' inputs, then the products of the state in the order of the cell.</summary>
    public required IReadOnlyList<LayerStep[]> Layers { get; init; }

    /// <summary>Weights by which gates look at the cell state, [direction][3][hidden]; empty without.</summary>
    public float[] Peepholes { get; init; } = [];

    /// <summary>Steps of each sequence.</summary>
    public required int[] Lengths { get; init; }

    /// <summary>First states, of the hidden state and, where there is one, of the cell state: constants, or null where a further input of the step holds them.</summary>
    public required IReadOnlyList<float[]?> Initial { get; init; }
}

/// <summary>
/// A recurrent layer: the products of all steps' inputs first, then step by step those of the state. Makes the states after all steps and, behind them,
/// the hidden and the cell states after the last one. Directions are its tiles.
/// </summary>
public sealed class RecurrentStep : PackedStep
{
    private readonly RecurrentParts _parts;
    private readonly long _memoryBytes;
    private readonly long _layerBytes;

    /// <summary>A layer.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="inputs">The sequences, then first states that are no constants.</param>
    /// <param name="output">The value that it makes.</param>
    /// <param name="parts">What it consists of.</param>
    public RecurrentStep(string name, IReadOnlyList<int> inputs, int output, RecurrentParts parts)
        : base(name, inputs, output)
    {
        _parts = parts;
        _memoryBytes = SessionFrame.Bytes<float>(RecurrentMemory.Length(parts.Cell));
        _layerBytes = parts.Layers.SelectMany(layers => layers).Max(layer => layer.SharedBytes);
    }

    /// <inheritdoc/>
    public override string Description => $"{RecurrentFormat.Name(_parts.Cell)} of {string.Join(" and ", Layers.Select(layer => layer.Description).Distinct(StringComparer.Ordinal))}";

    /// <inheritdoc/>
    public override long Macs => _parts.Layers.Sum(layers => layers[0].Macs + (_parts.Cell.Shape.Steps * layers.Skip(1).Sum(layer => layer.Macs)));

    /// <inheritdoc/>
    public override long Weights => Layers.Sum(layer => layer.Weights);

    /// <inheritdoc/>
    public override long Biases => Layers.Sum(layer => layer.Biases);

    /// <inheritdoc/>
    public override long WeightBits => Layers.Sum(layer => layer.WeightBits);

    /// <inheritdoc/>
    public override ProductKernel? Kernel => _parts.Layers[0][^1].Kernel;

    /// <summary>The layers of all directions.</summary>
    public IEnumerable<LayerStep> Layers => _parts.Layers.SelectMany(layers => layers);

    /// <summary>Elements that a layer makes.</summary>
    /// <param name="cell">The cell.</param>
    /// <returns>Number of elements.</returns>
    public static long OutputLength(RecurrentCell cell) => cell.Shape.OutputLength + ((cell.HasCellState ? 2 : 1) * cell.Shape.StateLength);

    /// <inheritdoc/>
    public override RecurrentStep SharingBytes() => new(Name, Inputs, Output, _parts with { Layers = [.. _parts.Layers.Select(layers => layers.Select(layer => layer.SharingBytes()).ToArray())] });

    internal override StepKind Kind => StepKind.Recurrent;

    internal override long WorkerBytes => _memoryBytes + _layerBytes + Layers.Max(layer => layer.WorkerBytes);

    internal override int Tiles => _parts.Cell.Shape.Directions;

    /// <summary>What lies behind the end of a sequence is 0.</summary>
    internal override void Prepare(SessionFrame frame) => frame.Value(Output).Clear();

    internal override void RunTile(SessionFrame frame, int tile, int worker)
    {
        var (cell, shape) = (_parts.Cell, _parts.Cell.Shape);
        var memory = frame.Worker(worker);
        var run = new RecurrentMemory(cell, tile, MemoryMarshal.Cast<byte, float>(memory)[..(int)RecurrentMemory.Length(cell)])
        {
            Peepholes = _parts.Peepholes.AsSpan(Math.Min(_parts.Peepholes.Length, tile * 3 * shape.Hidden)),
        };
        _parts.Lengths.CopyTo(run.Lengths);
        var next = 1;
        for (var i = 0; i < _parts.Initial.Count; i++)
            Recurrence.Load(shape, tile, _parts.Initial[i] is { } constant ? constant : frame.Value(Inputs[next++]), i == 0 ? run.State : run.Cell);
        memory = memory[(int)_memoryBytes..];
        var products = new StateProducts(_parts.Layers[tile], memory[..(int)_layerBytes], memory[(int)_layerBytes..]);
        products.Multiply(-1, frame.Value(Inputs[0]), run.Gates);
        var result = frame.Value(Output);
        Recurrence.Run(cell, run, products, result);
        result = result[(int)shape.OutputLength..];
        Recurrence.Store(shape, tile, run.State, result);
        if (cell.HasCellState) Recurrence.Store(shape, tile, run.Cell, result[(int)shape.StateLength..]);
    }

    internal override void Write(PackedWriter writer) => RecurrentFormat.Write(writer, _parts);

    internal static RecurrentStep Read(PackedReader reader, StepPlace place, IReadOnlyList<int> further)
        => new(place.Name, place.Inputs, place.Output, RecurrentFormat.Read(reader, place, further));

    /// <summary>The layers of a direction; the input's comes before those of the state.</summary>
    private readonly ref struct StateProducts(LayerStep[] layers, Span<byte> shared, Span<byte> memory) : IStateProducts
    {
        private readonly Span<byte> _shared = shared;
        private readonly Span<byte> _memory = memory;

        public void Multiply(int product, ReadOnlySpan<float> x, Span<float> y) => layers[product + 1].Run(x, y, _shared, _memory);
    }
}

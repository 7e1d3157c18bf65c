using Subbyte.Kernels;

namespace Subbyte.Runtime;

/// <summary>One step of a packed network, made ready to run: reads values, makes one. Immutable; shared by all runs.</summary>
/// <param name="name">Its name.</param>
/// <param name="inputs">Values that it reads.</param>
/// <param name="output">The value that it makes.</param>
public abstract class PackedStep(string name, IReadOnlyList<int> inputs, int output)
{
    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>Values that it reads.</summary>
    public IReadOnlyList<int> Inputs { get; } = inputs;

    /// <summary>The value that it makes.</summary>
    public int Output { get; } = output;

    /// <summary>What it does, for tables.</summary>
    public abstract string Description { get; }

    /// <summary>Multiply-accumulates of one run.</summary>
    public virtual long Macs => 0;

    /// <summary>Weights.</summary>
    public virtual long Weights => 0;

    /// <summary>Biases.</summary>
    public virtual long Biases => 0;

    /// <summary>Bits that the weights and what belongs to them (scales, biases, offsets) take in the file.</summary>
    public virtual long WeightBits => 0;

    /// <summary>The limit of the machine that bounds it, or null.</summary>
    public virtual ProductKernel? Kernel => null;

    /// <summary>The step with weights that share bytes where they are ternary.</summary>
    /// <returns>The step.</returns>
    public virtual PackedStep SharingBytes() => this;

    /// <summary>Identifies the step in a file.</summary>
    internal abstract StepKind Kind { get; }

    /// <summary>Bytes of memory that the tiles of a run share.</summary>
    internal virtual long SharedBytes => 0;

    /// <summary>Bytes of memory of each worker.</summary>
    internal virtual long WorkerBytes => 0;

    /// <summary>Independent parts that <see cref="RunTile"/> does, at least 1.</summary>
    internal virtual int Tiles => 1;

    /// <summary>Channels of what a tile makes, innermost, where a tile makes a run of elements; 0 where it does not, or steps behind it cannot be taken in.</summary>
    internal virtual int TileChannels => 0;

    /// <summary>The run of elements that a tile makes, where <see cref="TileChannels"/> is not 0.</summary>
    /// <param name="tile">Which.</param>
    /// <returns>Index of the first, and how many.</returns>
    internal virtual (int First, int Count) ElementsOf(int tile) => throw new NotSupportedException("tiles of this step make no runs");

    /// <summary>The same step making another value, where <see cref="TileChannels"/> is not 0.</summary>
    /// <param name="output">The value.</param>
    /// <returns>The step.</returns>
    internal virtual PackedStep To(int output) => throw new NotSupportedException("steps behind this one are not taken in");

    /// <summary>Does one tile, where <see cref="TileChannels"/> is not 0, and writes what it makes elsewhere.</summary>
    /// <param name="frame">Memory of the run.</param>
    /// <param name="tile">Which.</param>
    /// <param name="worker">The worker that does it.</param>
    /// <param name="block">Takes the elements of <see cref="ElementsOf"/>.</param>
    internal virtual void RunBlock(SessionFrame frame, int tile, int worker, Span<float> block) => throw new NotSupportedException("tiles of this step make no runs");

    /// <summary>The form in which the step may take codes in place of the floats of its first input, or null.</summary>
    /// <param name="channels">Channels of a pixel, as the step before makes them.</param>
    /// <returns>The form.</returns>
    internal virtual CodeForm? Form(int channels) => null;

    /// <summary>The same step reading codes, where <see cref="Form"/> is not null.</summary>
    /// <param name="codes">The map of codes.</param>
    /// <param name="channels">Channels of a pixel.</param>
    /// <returns>The step.</returns>
    internal virtual PackedStep FromCodes(int codes, int channels) => throw new NotSupportedException("this step takes no codes");

    /// <summary>Values and maps of codes that the step makes.</summary>
    internal virtual IEnumerable<int> Makes => [Output];

    /// <summary>Does what has to be done before the tiles.</summary>
    /// <param name="frame">Memory of the run.</param>
    internal virtual void Prepare(SessionFrame frame)
    {
        // Most steps have nothing to prepare.
    }

    /// <summary>Does one tile.</summary>
    /// <param name="frame">Memory of the run.</param>
    /// <param name="tile">Which, 0 to <see cref="Tiles"/> − 1.</param>
    /// <param name="worker">The worker that does it.</param>
    internal abstract void RunTile(SessionFrame frame, int tile, int worker);

    /// <summary>Writes what the step needs beside its values.</summary>
    /// <param name="writer">The writer.</param>
    internal abstract void Write(PackedWriter writer);
}

/// <summary>Kinds of steps in a file.</summary>
internal enum StepKind
{
    /// <summary>A dot-product layer of codes.</summary>
    Product,

    /// <summary>A dot-product layer in fp32.</summary>
    FloatProduct,

    /// <summary>The sum of two values.</summary>
    Add,

    /// <summary>A clamp.</summary>
    Clip,

    /// <summary>One affine function a channel.</summary>
    Affine,

    /// <summary>Pooling of a map.</summary>
    Pool,

    /// <summary>The average of each channel.</summary>
    GlobalAverage,

    /// <summary>From channels first to channels last, or back.</summary>
    Transpose,

    /// <summary>A copy under another shape.</summary>
    Copy,

    /// <summary>Values one behind the other in each pixel.</summary>
    Concat,

    /// <summary>A box of elements, copied into a value that is filled with a number.</summary>
    Box,

    /// <summary>A slope for negative values, one a channel.</summary>
    Slope,

    /// <summary>A dot-product layer of several levels.</summary>
    LevelProduct,

    /// <summary>A recurrent layer.</summary>
    Recurrent,

    /// <summary>Rows of a table.</summary>
    Rows,

    /// <summary>A dot-product layer of general sums of products.</summary>
    SumProduct,
}

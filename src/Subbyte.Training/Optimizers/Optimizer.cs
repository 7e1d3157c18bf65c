namespace Subbyte.Training;

/// <summary>An optimizer at work: the parameters that it moves and what it remembers of them.</summary>
internal abstract class Optimizer
{
    /// <summary>Number of parameters.</summary>
    public abstract int Count { get; }

    /// <summary>Begins a step.</summary>
    /// <param name="learningRate">Learning rate of the step.</param>
    public abstract void Begin(double learningRate);

    /// <summary>Moves one parameter by its gradient; different ones may be moved at once.</summary>
    /// <param name="parameter">Which parameter.</param>
    public abstract void Move(int parameter);

    /// <summary>What it remembers of the parameters, for checkpoints.</summary>
    public abstract IEnumerable<float[]> State { get; }

    /// <summary>Goes on where a checkpoint was made, its state restored.</summary>
    /// <param name="steps">Steps that were made.</param>
    public virtual void Resume(long steps)
    {
    }
}

namespace Subbyte.Networks.Operators;

/// <summary>What a reduction does with the elements that become one.</summary>
/// <typeparam name="T">Type of the elements and of the result.</typeparam>
/// <typeparam name="TState">What is kept between elements.</typeparam>
internal interface IReduction<T, TState>
    where T : unmanaged
    where TState : unmanaged
{
    /// <summary>The state before any element.</summary>
    static abstract TState Seed { get; }

    /// <summary>Takes an element in.</summary>
    static abstract TState Add(TState state, T element);

    /// <summary>Joins the states of two sets of elements.</summary>
    static abstract TState Combine(TState a, TState b);

    /// <summary>The result.</summary>
    /// <param name="state">State after all elements.</param>
    /// <param name="count">Number of elements.</param>
    static abstract T Result(TState state, long count);
}

namespace Subbyte.Data;

/// <summary>A kind of data: how a <see cref="DataSpec"/> that begins with its name is opened.</summary>
public interface IDataKind
{
    /// <summary>The name before the colon.</summary>
    string Name { get; }

    /// <summary>How it is written, for help texts.</summary>
    string Usage { get; }

    /// <summary>One line that says what it reads.</summary>
    string Summary { get; }

    /// <summary>Whether its sets have a third split, <c>valid</c>.</summary>
    bool HasValidation => false;

    /// <summary>Opens all records of the split that is asked for; the caller selects the range.</summary>
    /// <param name="spec">What is asked for.</param>
    /// <returns>The data.</returns>
    /// <exception cref="UserErrorException">The data cannot be read.</exception>
    DataSet Open(DataSpec spec);
}

namespace Subbyte.Methods.NbSmt;

/// <summary>How a dot product is cut into the threads' slices (section 3.1).</summary>
public enum ThreadSplit
{
    /// <summary>The input channels are cut, at every kernel position: partners are channels of one pixel.</summary>
    Channel,

    /// <summary>The patch row is cut into as many pieces as threads: halves or quarters.</summary>
    KHalves,

    /// <summary>Partners are neighbours in the patch row.</summary>
    Adjacent,
}

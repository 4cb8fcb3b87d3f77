namespace Harmony.Dicom.Network.Scp;

/// <summary>Who performs which operation. Handlers serve all associations, at the same time. What nobody performs is answered with 0211.</summary>
public sealed record DimseHandlers
{
    /// <summary>C-ECHO. Default: answers success.</summary>
    public IEchoHandler? Echo { get; init; } = new AcceptingEchoHandler();

    /// <summary>C-STORE.</summary>
    public IStoreHandler? Store { get; init; }

    /// <summary>C-FIND.</summary>
    public IFindHandler? Find { get; init; }

    /// <summary>C-GET.</summary>
    public IGetHandler? Get { get; init; }

    /// <summary>C-MOVE.</summary>
    public IMoveHandler? Move { get; init; }

    /// <summary>DIMSE-N.</summary>
    public INormalizedHandler? Normalized { get; init; }
}

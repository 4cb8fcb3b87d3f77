namespace Harmony.Dicom.Web.Requests;

/// <summary>What a DICOMweb request asks for: the transactions of PS3.18 §8.3, §9 and §10.</summary>
public enum WebService
{
    /// <summary>What the server can do: PS3.18 §8.9.</summary>
    Capabilities,

    /// <summary>QIDO-RS: which studies, series or instances there are.</summary>
    Search,

    /// <summary>WADO-RS: objects.</summary>
    Retrieve,

    /// <summary>WADO-RS: objects without their bulk data.</summary>
    Metadata,

    /// <summary>WADO-RS: some frames of an instance.</summary>
    Frames,

    /// <summary>WADO-RS: values that metadata refer to.</summary>
    BulkData,

    /// <summary>WADO-RS: pixel data whole.</summary>
    PixelData,

    /// <summary>WADO-RS: an image that a browser can show.</summary>
    Rendered,

    /// <summary>WADO-RS: a small image.</summary>
    Thumbnail,

    /// <summary>STOW-RS: objects are stored.</summary>
    Store,

    /// <summary>WADO-URI: one object, named by the query.</summary>
    WadoUri,
}

namespace Harmony.Dicom.Network.UpperLayer;

/// <summary>The actions of PS3.8 tables 9-6 to 9-9, by their names there.</summary>
internal enum AssociationAction
{
    /// <summary>There is no such action: the event cannot happen.</summary>
    None,

    /// <summary>Connect.</summary>
    AE1,

    /// <summary>Send A-ASSOCIATE-RQ.</summary>
    AE2,

    /// <summary>Tell the application that the peer has accepted.</summary>
    AE3,

    /// <summary>Tell the application that the peer has rejected; close.</summary>
    AE4,

    /// <summary>Start ARTIM.</summary>
    AE5,

    /// <summary>Stop ARTIM; tell the application of the request.</summary>
    AE6,

    /// <summary>Send A-ASSOCIATE-AC.</summary>
    AE7,

    /// <summary>Send A-ASSOCIATE-RJ; start ARTIM.</summary>
    AE8,

    /// <summary>Send P-DATA-TF.</summary>
    DT1,

    /// <summary>Give data to the application.</summary>
    DT2,

    /// <summary>Send A-RELEASE-RQ.</summary>
    AR1,

    /// <summary>Tell the application that the peer wants to release.</summary>
    AR2,

    /// <summary>Tell the application that the association is released; close.</summary>
    AR3,

    /// <summary>Send A-RELEASE-RP; start ARTIM.</summary>
    AR4,

    /// <summary>Stop ARTIM.</summary>
    AR5,

    /// <summary>Give data to the application.</summary>
    AR6,

    /// <summary>Send P-DATA-TF.</summary>
    AR7,

    /// <summary>Tell the application that the peer wants to release, too.</summary>
    AR8,

    /// <summary>Send A-RELEASE-RP.</summary>
    AR9,

    /// <summary>Tell the application that the peer has agreed to release.</summary>
    AR10,

    /// <summary>Send A-ABORT of the user; start ARTIM.</summary>
    AA1,

    /// <summary>Stop ARTIM; close.</summary>
    AA2,

    /// <summary>Tell the application that the peer has aborted; close.</summary>
    AA3,

    /// <summary>Tell the application that the connection is lost.</summary>
    AA4,

    /// <summary>Stop ARTIM.</summary>
    AA5,

    /// <summary>Pass it over.</summary>
    AA6,

    /// <summary>Send A-ABORT.</summary>
    AA7,

    /// <summary>Send A-ABORT of the provider; tell the application; start ARTIM.</summary>
    AA8,
}

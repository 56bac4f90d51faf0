namespace ExamPlatform.Identities;

/// <summary>The identity documents that the exam authorities accept; a closed set.</summary>
public enum DocumentType
{
    /// <summary>居民身份证, GB 11643-1999.</summary>
    ResidentId,

    /// <summary>港澳台居民居住证.</summary>
    HkMacaoTaiwanResidencePermit,

    /// <summary>港澳居民来往内地通行证.</summary>
    HkMacaoTravelPermit,

    /// <summary>台湾居民来往大陆通行证.</summary>
    TaiwanTravelPermit,

    /// <summary>外国人永久居留身份证 (2023) and 外国人永久居留证 (2017).</summary>
    ForeignPermanentResidentCard,

    /// <summary>护照, Chinese or foreign.</summary>
    Passport,

    /// <summary>军官证, 士兵证.</summary>
    MilitaryId,
}

public enum Sex
{
    Male,
    Female,
}

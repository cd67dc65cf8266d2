//! Places that stay the same however the text around them moves.

use crate::chart::Visit;
use crate::text::Span;

/// A place in a visit: bytes from the start of one of its elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Anchor {
    element: Element,
    /// From the element's start.
    span: Span,
}

/// What a place is counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Element {
    /// The visit's own start.
    Start,
    /// The heading.
    Heading,
    /// The name of the section with this index.
    Section(usize),
    /// The field with this index.
    Field(usize),
    /// The modality with this index.
    Modality(usize),
    /// The line of prose with this index.
    Prose(usize),
}

impl Element {
    /// Where it stands; none if the visit has no such element.
    fn span(self, visit: &Visit) -> Option<Span> {
        Some(match self {
            Self::Start => Span::new(0, visit.len),
            Self::Heading => visit.heading.as_ref()?.span,
            Self::Section(index) => visit.sections.get(index)?.name,
            Self::Field(index) => visit.fields.get(index)?.span,
            Self::Modality(index) => visit.modalities.get(index)?.span,
            Self::Prose(index) => visit.prose.get(index)?.span,
        })
    }

    /// The element that a span lies in.
    fn around(visit: &Visit, span: Span) -> Self {
        let all = std::iter::once(Self::Heading)
            .chain((0..visit.modalities.len()).map(Self::Modality))
            .chain((0..visit.fields.len()).map(Self::Field))
            .chain((0..visit.sections.len()).map(Self::Section))
            .chain((0..visit.prose.len()).map(Self::Prose));
        let holds = |element: &Self| {
            let place = element.span(visit);
            place.is_some_and(|place| place.start <= span.start && span.end <= place.end)
        };
        all.into_iter().find(holds).unwrap_or(Self::Start)
    }
}

/// What a finding about the whole visit points at: its heading, else its first modality's code.
pub fn whole(visit: &Visit) -> Span {
    match (&visit.heading, visit.modalities.first()) {
        (Some(heading), _) => heading.span,
        (None, Some(modality)) => modality.code_span,
        (None, None) => Span::at(0),
    }
}

impl Anchor {
    /// The place of a span of a visit.
    pub fn of(visit: &Visit, span: Span) -> Self {
        let element = Element::around(visit, span);
        let start = element.span(visit).map_or(0, |place| place.start);
        Self {
            element,
            span: Span::new(span.start - start, span.end - start),
        }
    }

    /// The place of [`whole`].
    pub fn of_whole(visit: &Visit) -> Self {
        Self::of(visit, whole(visit))
    }

    /// The date of the heading if it has one, else what stands for the whole visit.
    pub fn of_date(visit: &Visit) -> Self {
        let date = visit.heading.as_ref().and_then(|heading| heading.date);
        date.map_or_else(|| Self::of_whole(visit), |date| Self::of(visit, date.span))
    }

    /// Where it is in the visit.
    pub fn span(self, visit: &Visit) -> Span {
        let element = self.element.span(visit).unwrap_or_default();
        self.span.shifted(element.start)
    }

    /// The field that it lies in, by its index.
    pub fn field(self) -> Option<usize> {
        match self.element {
            Element::Field(index) => Some(index),
            _ => None,
        }
    }

    /// The modality that it lies in, by its index.
    pub fn modality(self) -> Option<usize> {
        match self.element {
            Element::Modality(index) => Some(index),
            _ => None,
        }
    }

    /// The place right behind it.
    #[must_use]
    pub fn end(self) -> Self {
        Self {
            span: Span::at(self.span.end),
            ..self
        }
    }
}
